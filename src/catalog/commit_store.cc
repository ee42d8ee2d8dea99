#include "catalog/commit_store.h"

#include "base/hex.h"

namespace crannog::catalog {
namespace {

size_t MemoryBytes(const CommitRecord& commit) {
  size_t bytes = sizeof(CommitRecord) + 400 + commit.meta.message.size();
  for (const KeyChange& change : commit.changes) {
    bytes += sizeof(KeyChange) + change.key.encoded().size() + 200;
  }
  return bytes;
}

}  // namespace

Result<CommitPtr> CommitStore::Load(const CommitId& id) {
  if (CommitPtr cached = cache_.Find(id)) return cached;
  CRANNOG_ASSIGN(CommitPtr commit, LoadUncached(id));
  Remember(commit);
  return commit;
}

Result<CommitPtr> CommitStore::LoadUncached(const CommitId& id) {
  if (id.IsRoot()) return Fail(Code::kNotFound, "commit: the root is no commit");
  CRANNOG_ASSIGN(const auto bytes, store_->Get(state::Table::kCatalogCommits, id.bytes()));
  if (!bytes) return Fail(Code::kNotFound, "commit " + id.ToHex() + " does not exist");
  auto commit = DecodeCommit(*bytes);
  if (!commit) return std::unexpected(std::move(commit).error().Within("commit " + id.ToHex()));
  if (commit->id != id) {
    return Fail(Code::kCorrupt, "commit " + id.ToHex() + ": its bytes have another hash");
  }
  return std::make_shared<const CommitRecord>(*std::move(commit));
}

Result<CommitPtr> CommitStore::FindByPrefix(std::string_view hex_prefix) {
  CRANNOG_ASSIGN(const std::string whole_bytes,
                 HexDecode(hex_prefix.substr(0, hex_prefix.size() & ~size_t{1})));
  CRANNOG_ASSIGN(auto cursor, store_->Scan(state::Table::kCatalogCommits,
                                           state::ScanOptions::Prefix(whole_bytes)));
  std::optional<CommitId> found;
  while (true) {
    CRANNOG_ASSIGN(const bool more, cursor->Next());
    if (!more) break;
    if (!HexEncode(cursor->key()).starts_with(hex_prefix)) continue;
    if (found) {
      return Fail(Code::kInvalid, "hash " + std::string(hex_prefix) + " fits several commits");
    }
    CRANNOG_ASSIGN(const Hash hash, Hash::FromBytes(cursor->key()));
    found = CommitId(hash);
  }
  if (!found)
    return Fail(Code::kNotFound, "no commit's hash starts with " + std::string(hex_prefix));
  return Load(*found);
}

void CommitStore::Remember(CommitPtr commit) {
  const CommitId id = commit->id;
  const size_t bytes = MemoryBytes(*commit);
  cache_.Put(id, std::move(commit), bytes);
}

Result<CommitPtr> CommitStage::Load(const CommitId& id) {
  const auto found = items_.find(id);
  if (found != items_.end()) return found->second.commit;
  return beneath_->Load(id);
}

void CommitStage::Add(CommitPtr commit, std::string bytes) {
  const CommitId id = commit->id;
  items_.insert_or_assign(id, Item{std::move(commit), std::move(bytes)});
}

void CommitStage::Publish() {
  for (auto& [id, item] : items_) beneath_->Remember(item.commit);
  Clear();
}

}  // namespace crannog::catalog
