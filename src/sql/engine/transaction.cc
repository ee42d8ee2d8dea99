#include "sql/engine/transaction.h"

#include <algorithm>
#include <utility>

#include "sql/engine/lake/errors.h"

namespace crannog::sql::engine {
namespace {

constexpr size_t kPageEntries = 1000;

// Where a change of a key that somebody else changed too is told apart from a rebase.
constexpr int kCommitAttemptsMax = 100;

Result<std::vector<catalog::Entry>> AllEntries(const catalog::Repository& repository,
                                               const catalog::CommitId& commit,
                                               catalog::ListEntriesRequest request) {
  std::vector<catalog::Entry> entries;
  request.limit = kPageEntries;
  while (true) {
    CRANNOG_ASSIGN(auto page, repository.ListEntries(commit, request));
    std::ranges::move(page.entries, std::back_inserter(entries));
    if (!page.next) return entries;
    request.after = page.next;
  }
}

}  // namespace

LakeTransaction::LakeTransaction(duckdb::TransactionManager& owner, duckdb::ClientContext& client,
                                 const Lake& lake, std::string reference)
    : Transaction(owner, client), lake_(lake), reference_(std::move(reference)) {}

LakeTransaction& LakeTransaction::Get(duckdb::ClientContext& client, duckdb::Catalog& catalog) {
  return Transaction::Get(client, catalog).Cast<LakeTransaction>();
}

Result<catalog::CommitId> LakeTransaction::base() {
  if (base_) return *base_;
  CRANNOG_ASSIGN(auto resolved, lake_.repository.Resolve(reference_));
  writable_ = resolved.reference.kind == catalog::ReferenceKind::kBranch &&
              !resolved.reference.name.empty() && !resolved.hash_given && !resolved.relative;
  branch_ = resolved.reference.name;
  base_ = resolved.commit;
  return *base_;
}

Result<PendingKey*> LakeTransaction::Key(const catalog::ContentKey& key) {
  if (auto found = keys_.find(key); found != keys_.end()) return &found->second;
  CRANNOG_ASSIGN(auto commit, base());
  PendingKey pending;
  if (commit.IsRoot()) {
    pending.before = std::nullopt;
  } else {
    CRANNOG_ASSIGN(pending.before, lake_.repository.Get(commit, key));
  }
  pending.now = pending.before;
  return &keys_.emplace(key, std::move(pending)).first->second;
}

Result<const catalog::Content*> LakeTransaction::Find(const catalog::ContentKey& key) {
  CRANNOG_ASSIGN(auto* pending, Key(key));
  return pending->now ? &*pending->now : nullptr;
}

Result<std::vector<catalog::Entry>> LakeTransaction::List(
    const catalog::ListEntriesRequest& request) {
  CRANNOG_ASSIGN(auto commit, base());
  std::vector<catalog::Entry> entries;
  if (!commit.IsRoot()) {
    CRANNOG_ASSIGN(entries, AllEntries(lake_.repository, commit, request));
  }
  for (const auto& [key, pending] : keys_) {
    if (!pending.changed) continue;
    std::erase_if(entries, [&](const catalog::Entry& entry) { return entry.key == key; });
    const bool inside =
        request.children_only ? key.parent() == request.beneath : key.IsBeneath(request.beneath);
    if (!pending.now || !inside) continue;
    const auto& kinds = request.kinds;
    if (!kinds.empty() && std::ranges::find(kinds, pending.now->kind()) == kinds.end()) continue;
    entries.push_back({key, *pending.now});
  }
  std::ranges::sort(entries, {}, &catalog::Entry::key);
  return entries;
}

Result<std::vector<catalog::Entry>> LakeTransaction::Children(const catalog::ContentKey& parent) {
  catalog::ListEntriesRequest request;
  request.beneath = parent;
  request.children_only = true;
  return List(request);
}

Result<std::vector<catalog::Entry>> LakeTransaction::Namespaces() {
  catalog::ListEntriesRequest request;
  request.kinds = {catalog::ContentKind::kNamespace};
  return List(request);
}

Result<std::shared_ptr<PendingTable>> LakeTransaction::Table(const catalog::ContentKey& key) {
  CRANNOG_ASSIGN(auto* pending, Key(key));
  if (pending->table) return pending->table;
  const auto* content = pending->now ? pending->now->As<catalog::IcebergTable>() : nullptr;
  if (!content) return Fail(Code::kNotFound, "no table " + key.ToString() + " on " + reference_);
  iceberg::TableBase base;
  base.location = content->metadata_location;
  auto table = lake_.LoadTable(base.location);
  if (!table) return std::unexpected(std::move(table).error().Within("table " + key.ToString()));
  base.table = std::move(*table);
  pending->table = std::make_shared<PendingTable>(std::move(base));
  return pending->table;
}

Status LakeTransaction::EnsureNamespace(const catalog::ContentKey& key) {
  if (key.IsRoot()) return {};
  CRANNOG_ASSIGN(auto* pending, Key(key));
  if (pending->now) {
    if (pending->now->IsNamespace()) return {};
    return Fail(Code::kInvalid, key.ToString() + " is no schema");
  }
  if (key.ToString() != kDefaultSchema)
    return Fail(Code::kNotFound, "no schema " + key.ToString() + " on " + reference_);
  return Put(key, catalog::Namespace{});
}

Status LakeTransaction::Put(const catalog::ContentKey& key, catalog::ContentBody body) {
  CRANNOG_RETURN_IF_ERROR(EnsureNamespace(key.parent()));
  CRANNOG_ASSIGN(auto* pending, Key(key));
  catalog::Content content;
  if (pending->now && pending->now->body.index() == body.index()) content.id = pending->now->id;
  content.body = std::move(body);
  pending->now = std::move(content);
  pending->table.reset();
  pending->changed = true;
  return {};
}

Status LakeTransaction::CreateTable(const catalog::ContentKey& key,
                                    std::vector<iceberg::TableUpdate> updates) {
  CRANNOG_RETURN_IF_ERROR(Put(key, catalog::IcebergTable{}));
  CRANNOG_ASSIGN(auto* pending, Key(key));
  pending->now->id = catalog::ContentId();  // a dropped table of that name was another table
  pending->table = std::make_shared<PendingTable>(iceberg::TableBase{});
  return pending->table->Create(std::move(updates));
}

Status LakeTransaction::ChangeTable(const catalog::ContentKey& key, iceberg::TableChange change) {
  CRANNOG_ASSIGN(auto table, Table(key));
  CRANNOG_RETURN_IF_ERROR(table->Extend(std::move(change)));
  keys_[key].changed = true;
  return {};
}

Status LakeTransaction::UpdateTable(const catalog::ContentKey& key,
                                    std::vector<iceberg::TableUpdate> updates) {
  if (updates.empty()) return {};
  CRANNOG_ASSIGN(auto table, Table(key));
  CRANNOG_ASSIGN(auto metadata, table->Look(lake_));
  auto change = iceberg::TableChange::On(*metadata);
  change.updates = std::move(updates);
  return ChangeTable(key, std::move(change));
}

Status LakeTransaction::RegisterTable(const catalog::ContentKey& key,
                                      std::string metadata_location) {
  CRANNOG_ASSIGN(auto metadata, lake_.LoadTable(metadata_location));
  catalog::IcebergTable content;
  content.metadata_location = std::move(metadata_location);
  content.snapshot_id = metadata->current_snapshot_id.value_or(-1);
  content.schema_id = metadata->current_schema_id;
  content.spec_id = metadata->default_spec_id;
  content.sort_order_id = metadata->default_sort_order_id;
  return Put(key, std::move(content));
}

Status LakeTransaction::Drop(const catalog::ContentKey& key) {
  CRANNOG_ASSIGN(auto* pending, Key(key));
  pending->now.reset();
  if (pending->table) pending->table->AbandonAll(lake_);
  pending->table.reset();
  pending->changed = true;
  return {};
}

Status LakeTransaction::Rename(const catalog::ContentKey& from, const catalog::ContentKey& to) {
  CRANNOG_RETURN_IF_ERROR(EnsureNamespace(to.parent()));
  CRANNOG_ASSIGN(auto* target, Key(to));
  if (target->now) return Fail(Code::kExists, to.ToString() + " exists already");
  CRANNOG_ASSIGN(auto* source, Key(from));
  target->now = std::exchange(source->now, std::nullopt);
  target->table = std::exchange(source->table, nullptr);
  target->changed = source->changed = true;
  return {};
}

duckdb::CatalogEntry& LakeTransaction::Keep(duckdb::unique_ptr<duckdb::CatalogEntry> entry) {
  kept_.push_back(std::move(entry));
  return *kept_.back();
}

duckdb::CatalogEntry* LakeTransaction::CachedEntry(const std::string& key) const {
  auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second;
}

void LakeTransaction::CacheEntry(const std::string& key, duckdb::CatalogEntry& entry) {
  entries_[key] = &entry;
}

void LakeTransaction::ForgetEntries() { entries_.clear(); }

void LakeTransaction::Rollback() {
  for (auto& [key, pending] : keys_)
    if (pending.table) pending.table->AbandonAll(lake_);
  // What cannot be deleted now is an orphan for maintenance; a rollback never fails.
  for (const auto& writer : std::exchange(writers_, {}))
    for (const auto& file : writer->locations()) (void)lake_.files.Delete(file);
  keys_.clear();
}

// The operation for one changed key; tables are written here, on the newest base known.
Result<std::optional<catalog::Operation>> LakeTransaction::OperationFor(
    const catalog::ContentKey& key, PendingKey& pending) {
  if (!pending.changed) return std::nullopt;
  if (!pending.now) {
    if (!pending.before) return std::nullopt;  // made and dropped again
    return catalog::Operation::Delete(key);
  }
  if (pending.table && pending.table->changed()) {
    std::optional<iceberg::TableBase> newer;
    if (auto found = newer_.find(key); found != newer_.end()) newer = found->second;
    auto prepared = pending.table->Prepare(lake_, newer);
    if (!prepared)
      return std::unexpected(std::move(prepared).error().Within("commit to " + key.ToString()));
    *pending.now = ToContent(pending.now->id, *prepared);
  }
  return catalog::Operation::Put(key, *pending.now);
}

Result<std::vector<catalog::Operation>> LakeTransaction::Operations() {
  std::vector<catalog::Operation> operations;
  for (auto& [key, pending] : keys_) {
    CRANNOG_ASSIGN(auto operation, OperationFor(key, pending));
    if (!operation) continue;
    const bool replaced = operation->kind == catalog::OperationKind::kPut && pending.before &&
                          operation->content.id != pending.before->id;
    if (replaced) operations.push_back(catalog::Operation::Delete(key));
    operations.push_back(std::move(*operation));
  }
  return operations;
}

// Somebody else changed `conflict.key` since the base. A table that is still the same table may
// follow; its change decides when it is prepared anew. Everything else conflicts.
Status LakeTransaction::Follow(const catalog::Conflict& conflict) {
  auto fail = [&] {
    return Fail(Code::kConflict, "commit to " + branch_ + ": " + conflict.key.ToString() +
                                     " was changed by another transaction (" + conflict.message +
                                     "); nothing was changed: run the transaction again");
  };
  auto found = keys_.find(conflict.key);
  if (found == keys_.end() || conflict.reason != catalog::ConflictReason::kValueDiffers)
    return fail();
  PendingKey& pending = found->second;
  const auto* current = conflict.current ? conflict.current->As<catalog::IcebergTable>() : nullptr;
  const bool same = current && pending.now && pending.table && pending.table->base().table &&
                    pending.before && pending.before->id == conflict.current->id &&
                    pending.now->id == pending.before->id;
  if (!same) return fail();
  iceberg::TableBase newer;
  newer.location = current->metadata_location;
  CRANNOG_ASSIGN(newer.table, lake_.LoadTable(newer.location));
  newer_[conflict.key] = std::move(newer);
  return {};
}

std::string LakeTransaction::Message() const {
  std::string message;
  size_t count = 0;
  for (const auto& [key, pending] : keys_) {
    if (!pending.changed) continue;
    if (++count > 3) continue;
    const char* verb = !pending.now ? "Drop " : !pending.before ? "Create " : "Change ";
    if (!message.empty()) message += ", ";
    message += verb + key.ToString();
  }
  if (count > 3) message += " and " + std::to_string(count - 3) + " more";
  return message;
}

// When all that was done is one append to one table, it can share a snapshot with others.
std::optional<Append> LakeTransaction::TakeAppend() const {
  std::optional<Append> append;
  for (const auto& [key, pending] : keys_) {
    if (!pending.changed) continue;
    const bool simple = !append && pending.table && pending.table->IsAppend() && pending.before &&
                        pending.now && pending.before->id == pending.now->id;
    if (!simple) return std::nullopt;
    append.emplace();
    append->branch = branch_;
    append->key = key;
    append->table = pending.before->id;
    append->change = pending.table->change();
    append->message = Message();
  }
  return append;
}

void LakeTransaction::Committed() {
  writers_.clear();
  for (auto& [key, pending] : keys_)
    if (pending.table) pending.table->AbandonStale(lake_);
}

Status LakeTransaction::Commit() {
  const bool changed =
      std::ranges::any_of(keys_, [](const auto& entry) { return entry.second.changed; });
  if (!changed) return {};
  if (!writable_)
    return Fail(Code::kInvalid, "write to " + reference_ + ": only the head of a branch takes " +
                                    "changes; CREATE BRANCH from here and write to that");
  if (auto append = TakeAppend()) {
    CRANNOG_RETURN_IF_ERROR(lake_.appends.Commit(lake_, std::move(*append)));
    Committed();
    return {};
  }
  catalog::CommitRequest request;
  request.branch = branch_;
  request.base = *base_;
  request.meta.message = Message();
  for (int attempt = 0; attempt < kCommitAttemptsMax; ++attempt) {
    CRANNOG_ASSIGN(request.operations, Operations());
    if (request.operations.empty()) return {};
    CRANNOG_ASSIGN(auto outcome, lake_.repository.Commit(request));
    if (outcome.ok()) {
      Committed();
      return {};
    }
    for (const auto& conflict : outcome.conflicts) CRANNOG_RETURN_IF_ERROR(Follow(conflict));
    request.base = outcome.id;
  }
  return Fail(Code::kConflict, "commit to " + branch_ + ": others kept changing the same tables " +
                                   std::to_string(kCommitAttemptsMax) + " times over; try again");
}

}  // namespace crannog::sql::engine
