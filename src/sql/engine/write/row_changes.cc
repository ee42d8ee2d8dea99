#include "sql/engine/write/row_changes.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "duckdb/main/connection.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/scan/deleted_rows.h"

namespace crannog::sql::engine {
namespace {

// The files that lose some rows but not all, to be read and written again.
struct Survivors {
  iceberg::ScanPlan plan;
  std::map<std::string, DeletedRowsPtr> deleted;
};

DeletedRowsPtr Union(DeletedRows before, const iceberg::DeletionVector& now) {
  const auto added = now.Positions();
  auto all = std::make_shared<DeletedRows>();
  std::ranges::set_union(before, added, std::back_inserter(*all));
  return all;
}

// Streams every row that stays into the writer; the engine reads ahead on its own threads.
Status CopyRows(duckdb::ExecutionContext& context, std::shared_ptr<const TableScan> scan,
                TableWriter& writer) {
  try {
    duckdb::Connection connection(*context.client.db);
    const OfferedScan offered(scan->target().lake->offered, scan);
    auto result = connection.SendQuery("SELECT * FROM " + offered.sql());
    if (result->HasError()) return std::unexpected(ToError(result->GetErrorObject()));
    TableWriter::Local local(writer);
    while (auto chunk = result->Fetch()) {
      if (chunk->size() == 0) break;
      writer.Append(context, local, *chunk);
    }
    if (result->HasError()) return std::unexpected(ToError(result->GetErrorObject()));
    writer.Combine(context, local);
    return {};
  } catch (const std::exception& exception) {
    return std::unexpected(ToError(exception));
  }
}

}  // namespace

bool RowChanges::Delete(const std::string& file, uint64_t position) {
  std::lock_guard guard(mutex_);
  auto& rows = deleted_[file];
  if (rows.Contains(position)) return false;
  rows.Add(position);
  ++count_;
  return true;
}

uint64_t RowChanges::count() const {
  std::lock_guard guard(mutex_);
  return count_;
}

Status RowChanges::Apply(duckdb::ExecutionContext& context,
                         std::shared_ptr<const ScanTarget> target, TableWriter& writer,
                         iceberg::TableChange& change) const {
  TableScan all(target, iceberg::Predicate::True());
  CRANNOG_ASSIGN(const auto* plan, all.Plan());
  Survivors survivors;
  survivors.plan.manifests = plan->manifests;
  survivors.plan.delete_manifests = plan->delete_manifests;
  size_t found = 0;
  for (const auto& scan : plan->files) {
    const std::string path = scan.file.path();
    const auto rows = deleted_.find(path);
    if (rows == deleted_.end()) continue;
    ++found;
    change.removed.push_back({path, scan.file.manifest_path(), ""});
    CRANNOG_ASSIGN(auto before, LoadDeletedRows(*context.client.db, *target, scan));
    auto gone = Union(std::move(before), rows->second);
    if (gone->size() >= scan.file.record_count()) continue;
    survivors.plan.record_count += scan.file.record_count();
    survivors.plan.files.push_back(scan);
    survivors.deleted[path] = std::move(gone);
  }
  if (found != deleted_.size())
    return Fail(Code::kInternal, "delete from " + target->name + ": a file it read is not its own");
  if (survivors.plan.files.empty()) return {};
  auto scan = std::make_shared<const TableScan>(target, std::move(survivors.plan),
                                                std::move(survivors.deleted));
  auto status = CopyRows(context, std::move(scan), writer);
  if (!status) return std::unexpected(std::move(status).error().Within("rewrite " + target->name));
  return {};
}

}  // namespace crannog::sql::engine
