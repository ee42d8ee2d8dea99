#include "catalog/commit.h"

#include "base/hash.h"
#include "catalog/limits.h"
#include "catalog/tree/encoding.h"

namespace crannog::catalog {
namespace {

constexpr uint8_t kVersion = 1;

Result<std::string> TakeString(std::string_view& from) {
  CRANNOG_ASSIGN(const std::string_view text, TakeSized(from));
  return std::string(text);
}

Result<CommitId> TakeCommitId(std::string_view& from) {
  CRANNOG_ASSIGN(const std::string_view bytes, tree::TakeBytes(from, Hash::kSizeBytes));
  CRANNOG_ASSIGN(const Hash hash, Hash::FromBytes(bytes));
  return CommitId(hash);
}

void AppendMeta(std::string& to, const CommitMeta& meta) {
  AppendSized(to, meta.committer);
  tree::AppendStrings(to, meta.authors);
  tree::AppendStrings(to, meta.signed_off_by);
  tree::AppendSigned(to, meta.author_time_us.value_or(0));
  AppendSized(to, meta.message);
  AppendVarint(to, meta.properties.size());
  for (const auto& [name, values] : meta.properties) {
    AppendSized(to, name);
    tree::AppendStrings(to, values);
  }
}

Result<CommitMeta> TakeMeta(std::string_view& from) {
  CommitMeta meta;
  CRANNOG_ASSIGN(meta.committer, TakeString(from));
  CRANNOG_ASSIGN(meta.authors, tree::TakeStrings(from));
  CRANNOG_ASSIGN(meta.signed_off_by, tree::TakeStrings(from));
  CRANNOG_ASSIGN(meta.author_time_us, tree::TakeSigned(from));
  CRANNOG_ASSIGN(meta.message, TakeString(from));
  CRANNOG_ASSIGN(const size_t count, tree::TakeCount(from));
  for (size_t i = 0; i < count; ++i) {
    CRANNOG_ASSIGN(std::string name, TakeString(from));
    if (!meta.properties.empty() && meta.properties.rbegin()->first >= name) {
      return Fail(Code::kCorrupt, "decode commit: properties are not in order");
    }
    CRANNOG_ASSIGN(auto values, tree::TakeStrings(from));
    meta.properties.emplace_hint(meta.properties.end(), std::move(name), std::move(values));
  }
  return meta;
}

void AppendChanges(std::string& to, const std::vector<KeyChange>& changes) {
  AppendVarint(to, changes.size());
  for (const KeyChange& change : changes) {
    AppendSized(to, change.key.encoded());
    // Encoded content never starts with a zero byte, so an empty one can stand for "deleted".
    AppendSized(to, change.content ? EncodeContent(*change.content) : std::string());
  }
}

Result<std::vector<KeyChange>> TakeChanges(std::string_view& from) {
  CRANNOG_ASSIGN(const size_t count, tree::TakeCount(from));
  std::vector<KeyChange> changes;
  for (size_t i = 0; i < count; ++i) {
    KeyChange change;
    CRANNOG_ASSIGN(const std::string_view key, TakeSized(from));
    CRANNOG_ASSIGN(change.key, ContentKey::Decode(key));
    if (change.key.IsRoot() || (!changes.empty() && changes.back().key >= change.key)) {
      return Fail(Code::kCorrupt, "decode commit: changes are not in key order");
    }
    CRANNOG_ASSIGN(const std::string_view content, TakeSized(from));
    if (!content.empty()) {
      CRANNOG_ASSIGN(change.content, DecodeContent(content));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

Status TakeLinks(std::string_view& from, CommitRecord& commit) {
  CRANNOG_ASSIGN(const size_t parents, tree::TakeCount(from));
  if (parents < 1 || parents > 2) return Fail(Code::kCorrupt, "decode commit: number of parents");
  for (size_t i = 0; i < parents; ++i) {
    CRANNOG_ASSIGN(const CommitId parent, TakeCommitId(from));
    commit.parents.push_back(parent);
  }
  CRANNOG_ASSIGN(commit.sequence, TakeVarint(from));
  CRANNOG_ASSIGN(commit.generation, TakeVarint(from));
  CRANNOG_ASSIGN(commit.skip, TakeCommitId(from));
  CRANNOG_ASSIGN(commit.skip_sequence, TakeVarint(from));
  CRANNOG_ASSIGN(const std::string_view root, tree::TakeBytes(from, tree::NodeId::kSizeBytes));
  CRANNOG_ASSIGN(commit.tree_root, tree::NodeId::FromBytes(root));
  CRANNOG_ASSIGN(const uint64_t lag, TakeVarint(from));
  CRANNOG_ASSIGN(const uint64_t lag_changes, TakeVarint(from));
  // Walks over `sequence` and `skip` end because both lead strictly back.
  if (commit.sequence == 0 || commit.skip_sequence >= commit.sequence ||
      commit.generation < commit.sequence || lag > kTreeLagMax || lag > commit.sequence ||
      lag_changes > UINT32_MAX) {
    return Fail(Code::kCorrupt, "decode commit: its place in history makes no sense");
  }
  commit.tree_lag = static_cast<uint32_t>(lag);
  commit.tree_lag_changes = static_cast<uint32_t>(lag_changes);
  return {};
}

}  // namespace

std::string EncodeCommit(const CommitRecord& commit) {
  std::string bytes;
  bytes.reserve(400);
  tree::AppendByte(bytes, kVersion);
  AppendVarint(bytes, commit.parents.size());
  for (const CommitId& parent : commit.parents) bytes += parent.bytes();
  AppendVarint(bytes, commit.sequence);
  AppendVarint(bytes, commit.generation);
  bytes += commit.skip.bytes();
  AppendVarint(bytes, commit.skip_sequence);
  bytes += commit.tree_root.bytes();
  AppendVarint(bytes, commit.tree_lag);
  AppendVarint(bytes, commit.tree_lag_changes);
  tree::AppendSigned(bytes, commit.commit_time_us);
  AppendMeta(bytes, commit.meta);
  AppendChanges(bytes, commit.changes);
  return bytes;
}

Result<CommitRecord> DecodeCommit(std::string_view bytes) {
  std::string_view from = bytes;
  CRANNOG_ASSIGN(const uint8_t version, tree::TakeByte(from));
  if (version != kVersion) {
    return Fail(Code::kCorrupt, "decode commit: unknown version " + std::to_string(version));
  }
  CommitRecord commit;
  commit.id = CommitId(Hash::Of(bytes));
  CRANNOG_RETURN_IF_ERROR(TakeLinks(from, commit));
  CRANNOG_ASSIGN(commit.commit_time_us, tree::TakeSigned(from));
  CRANNOG_ASSIGN(commit.meta, TakeMeta(from));
  CRANNOG_ASSIGN(commit.changes, TakeChanges(from));
  if (!from.empty()) return Fail(Code::kCorrupt, "decode commit: bytes after the end");
  return commit;
}

}  // namespace crannog::catalog
