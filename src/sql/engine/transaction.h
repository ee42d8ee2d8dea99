// What one SQL transaction sees of a branch and does to it.
//
// It reads one commit, taken when it first looks, and keeps its changes to itself until it commits
// them as one commit of the catalog: snapshot isolation. Keys that others changed meanwhile are
// rebased where the change allows it (appends always do) and conflict where it does not.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/commit_request.h"
#include "catalog/content.h"
#include "catalog/content_key.h"
#include "duckdb/catalog/catalog_entry.hpp"
#include "duckdb/transaction/transaction.hpp"
#include "sql/engine/lake/lake.h"
#include "sql/engine/pending_table.h"
#include "sql/engine/write/table_writer.h"

namespace crannog::sql::engine {

// One content key in a transaction: what it held at the start, and what it holds now.
struct PendingKey {
  std::optional<catalog::Content> before;
  std::optional<catalog::Content> now;  // tables: the body is replaced when it is prepared
  std::shared_ptr<PendingTable> table;  // of an Iceberg table that was looked at
  bool changed = false;
};

class LakeTransaction : public duckdb::Transaction {
 public:
  LakeTransaction(duckdb::TransactionManager& manager, duckdb::ClientContext& client,
                  const Lake& lake, std::string reference);
  static LakeTransaction& Get(duckdb::ClientContext& client, duckdb::Catalog& catalog);

  const Lake& lake() const { return lake_; }
  const std::string& reference() const { return reference_; }
  // The commit this transaction reads.   kNotFound  the reference is gone
  Result<catalog::CommitId> base();

  // The content of a key as this transaction sees it; null when there is none.
  Result<const catalog::Content*> Find(const catalog::ContentKey& key);
  // Direct children of a namespace (the root: top namespaces), own changes included.
  Result<std::vector<catalog::Entry>> Children(const catalog::ContentKey& parent);
  Result<std::vector<catalog::Entry>> Namespaces();
  // The table at `key`, ready to be read and changed.   kNotFound  or no Iceberg table
  Result<std::shared_ptr<PendingTable>> Table(const catalog::ContentKey& key);

  Status Put(const catalog::ContentKey& key, catalog::ContentBody body);  // view, namespace
  Status CreateTable(const catalog::ContentKey& key, std::vector<iceberg::TableUpdate> updates);
  // CREATE OR REPLACE of a table, or any other change of metadata alone.
  Status UpdateTable(const catalog::ContentKey& key, std::vector<iceberg::TableUpdate> updates);
  Status ChangeTable(const catalog::ContentKey& key, iceberg::TableChange change);
  Status RegisterTable(const catalog::ContentKey& key, std::string metadata_location);
  Status Drop(const catalog::ContentKey& key);
  Status Rename(const catalog::ContentKey& from, const catalog::ContentKey& to);

  // Its files become part of a table with this transaction's commit; they are deleted when it rolls
  // back.
  void Keep(std::shared_ptr<TableWriter> writer) { writers_.push_back(std::move(writer)); }

  // Makes everything one commit on the branch.
  //   kConflict  somebody else changed the same things; nothing of it happened
  Status Commit();
  void Rollback();

  // Catalog entries made for the engine live as long as the transaction.
  duckdb::CatalogEntry& Keep(duckdb::unique_ptr<duckdb::CatalogEntry> entry);
  duckdb::CatalogEntry* CachedEntry(const std::string& key) const;
  void CacheEntry(const std::string& key, duckdb::CatalogEntry& entry);
  void ForgetEntries();

 private:
  using Keys = std::map<catalog::ContentKey, PendingKey>;
  Result<PendingKey*> Key(const catalog::ContentKey& key);
  Status EnsureNamespace(const catalog::ContentKey& key);
  Result<std::vector<catalog::Entry>> List(const catalog::ListEntriesRequest& request);
  Result<std::optional<catalog::Operation>> OperationFor(const catalog::ContentKey& key,
                                                         PendingKey& pending);
  Result<std::vector<catalog::Operation>> Operations();
  Status Follow(const catalog::Conflict& conflict);
  std::string Message() const;
  std::optional<Append> TakeAppend() const;
  void Committed();

  const Lake& lake_;
  std::string reference_;
  std::optional<catalog::CommitId> base_;
  bool writable_ = false;  // the reference is a branch's head, so commits can go there
  std::string branch_;
  Keys keys_;
  std::map<catalog::ContentKey, iceberg::TableBase> newer_;  // tables others moved, found at commit
  std::vector<std::shared_ptr<TableWriter>> writers_;
  std::vector<duckdb::unique_ptr<duckdb::CatalogEntry>> kept_;
  std::map<std::string, duckdb::CatalogEntry*> entries_;
};

}  // namespace crannog::sql::engine
