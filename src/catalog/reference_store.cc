#include "catalog/reference_store.h"

#include <mutex>

#include "base/byte_order.h"
#include "catalog/limits.h"
#include "catalog/tree/encoding.h"

namespace crannog::catalog {
namespace {

constexpr uint8_t kReferenceVersion = 1;
constexpr uint8_t kReflogVersion = 1;

Result<CommitId> TakeCommitId(std::string_view& from) {
  CRANNOG_ASSIGN(const std::string_view bytes, tree::TakeBytes(from, Hash::kSizeBytes));
  CRANNOG_ASSIGN(const Hash hash, Hash::FromBytes(bytes));
  return CommitId(hash);
}

}  // namespace

std::string_view ReferenceChangeName(ReferenceChange change) {
  switch (change) {
    case ReferenceChange::kCreate:
      return "CREATE";
    case ReferenceChange::kCommit:
      return "COMMIT";
    case ReferenceChange::kMerge:
      return "MERGE";
    case ReferenceChange::kTransplant:
      return "TRANSPLANT";
    case ReferenceChange::kRevert:
      return "REVERT";
    case ReferenceChange::kAssign:
      return "ASSIGN";
    case ReferenceChange::kDrop:
      return "DROP";
  }
  return "UNKNOWN";
}

std::string EncodeReference(const Reference& reference) {
  std::string bytes;
  tree::AppendByte(bytes, kReferenceVersion);
  tree::AppendByte(bytes, static_cast<uint8_t>(reference.kind));
  bytes += reference.head.bytes();
  tree::AppendSigned(bytes, reference.created_us);
  return bytes;
}

Result<Reference> DecodeReference(std::string_view name, std::string_view bytes) {
  Reference reference;
  if (const Status status = CheckReferenceName(name); !status) {
    return Fail(Code::kCorrupt, "decode " + status.error().message());
  }
  reference.name = name;
  CRANNOG_ASSIGN(const uint8_t version, tree::TakeByte(bytes));
  CRANNOG_ASSIGN(const uint8_t kind, tree::TakeByte(bytes));
  if (version != kReferenceVersion || kind > static_cast<uint8_t>(ReferenceKind::kTag)) {
    return Fail(Code::kCorrupt, "decode reference: unknown version or kind");
  }
  reference.kind = static_cast<ReferenceKind>(kind);
  CRANNOG_ASSIGN(reference.head, TakeCommitId(bytes));
  CRANNOG_ASSIGN(reference.created_us, tree::TakeSigned(bytes));
  if (!bytes.empty()) return Fail(Code::kCorrupt, "decode reference: bytes after the end");
  return reference;
}

std::string ReflogPrefix(std::string_view reference) {
  std::string key(reference);
  key += '\0';
  return key;
}

std::string ReflogKey(std::string_view reference, uint64_t number) {
  std::string key = ReflogPrefix(reference);
  AppendBig64(key, number);
  return key;
}

std::string EncodeReflogEntry(const ReflogEntry& entry) {
  std::string bytes;
  tree::AppendByte(bytes, kReflogVersion);
  tree::AppendByte(bytes, static_cast<uint8_t>(entry.change));
  bytes += entry.from.bytes();
  bytes += entry.to.bytes();
  tree::AppendSigned(bytes, entry.time_us);
  AppendSized(bytes, entry.who);
  return bytes;
}

Result<ReflogEntry> DecodeReflogEntry(std::string_view key, std::string_view bytes) {
  ReflogEntry entry;
  if (key.size() < 9 || key[key.size() - 9] != '\0') {
    return Fail(Code::kCorrupt, "decode reflog entry: its key is wrong");
  }
  entry.reference = key.substr(0, key.size() - 9);
  entry.number = ReadBig64(key.substr(key.size() - 8));
  CRANNOG_ASSIGN(const uint8_t version, tree::TakeByte(bytes));
  CRANNOG_ASSIGN(const uint8_t change, tree::TakeByte(bytes));
  if (version != kReflogVersion || change > static_cast<uint8_t>(ReferenceChange::kDrop)) {
    return Fail(Code::kCorrupt, "decode reflog entry: unknown version or change");
  }
  entry.change = static_cast<ReferenceChange>(change);
  CRANNOG_ASSIGN(entry.from, TakeCommitId(bytes));
  CRANNOG_ASSIGN(entry.to, TakeCommitId(bytes));
  CRANNOG_ASSIGN(entry.time_us, tree::TakeSigned(bytes));
  CRANNOG_ASSIGN(const std::string_view who, TakeSized(bytes));
  entry.who = who;
  if (!bytes.empty()) return Fail(Code::kCorrupt, "decode reflog entry: bytes after the end");
  return entry;
}

Status ReferenceStore::Load(const state::Reader& store) {
  // Keys from 0x01 on are names.
  state::ScanOptions scan;
  scan.begin = "\x01";
  CRANNOG_ASSIGN(auto cursor, store.Scan(state::Table::kCatalogRefs, scan));
  std::map<std::string, Reference, std::less<>> references;
  while (true) {
    CRANNOG_ASSIGN(const bool more, cursor->Next());
    if (!more) break;
    CRANNOG_ASSIGN(Reference reference, DecodeReference(cursor->key(), cursor->value()));
    std::string name = reference.name;
    references.emplace_hint(references.end(), std::move(name), std::move(reference));
  }
  const std::unique_lock lock(mutex_);
  references_ = std::move(references);
  return {};
}

std::optional<Reference> ReferenceStore::Find(std::string_view name) const {
  const std::shared_lock lock(mutex_);
  const auto found = references_.find(name);
  if (found == references_.end()) return std::nullopt;
  return found->second;
}

size_t ReferenceStore::size() const {
  const std::shared_lock lock(mutex_);
  return references_.size();
}

void ReferenceStore::Visit(std::string_view begin,
                           const std::function<bool(const Reference&)>& visit) const {
  const std::shared_lock lock(mutex_);
  for (auto at = references_.lower_bound(begin); at != references_.end(); ++at) {
    if (!visit(at->second)) return;
  }
}

std::vector<Reference> ReferenceStore::All() const {
  std::vector<Reference> all;
  Visit({}, [&](const Reference& reference) {
    all.push_back(reference);
    return true;
  });
  return all;
}

void ReferenceStore::Apply(const ReferenceUpdates& updates) {
  const std::unique_lock lock(mutex_);
  for (const auto& [name, reference] : updates) {
    if (reference) {
      references_.insert_or_assign(name, *reference);
    } else {
      references_.erase(name);
    }
  }
}

}  // namespace crannog::catalog
