#include "sql/engine/write_operator.h"

#include <atomic>
#include <utility>

#include "duckdb/parallel/thread_context.hpp"
#include "duckdb/planner/parsed_data/bound_create_table_info.hpp"
#include "duckdb/storage/buffer_manager.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/schema_entry.h"
#include "sql/engine/transaction.h"

namespace crannog::sql::engine {
namespace {

struct WriteGlobalState : public duckdb::GlobalSinkState {
  std::atomic<uint64_t> count = 0;
  duckdb::mutex mutex;  // guards returned
  duckdb::unique_ptr<duckdb::ColumnDataCollection> returned;
};

struct WriteLocalState : public duckdb::LocalSinkState {
  std::unique_ptr<TableWriter::Local> rows;
  duckdb::DataChunk columns;  // the table's columns of the input
};

struct WriteSourceState : public duckdb::GlobalSourceState {
  bool started = false;
  duckdb::ColumnDataScanState scan;
};

// Marks the rows of a chunk as deleted; the selection keeps those that were not before.
duckdb::idx_t DeleteRows(StatementWrite& write, duckdb::DataChunk& chunk,
                         const LakeWrite::Layout& layout, duckdb::SelectionVector& fresh) {
  duckdb::UnifiedVectorFormat files;
  duckdb::UnifiedVectorFormat positions;
  chunk.data[layout.file_column].ToUnifiedFormat(chunk.size(), files);
  chunk.data[layout.position_column].ToUnifiedFormat(chunk.size(), positions);
  const auto* file_names = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(files);
  const auto* rows = duckdb::UnifiedVectorFormat::GetData<int64_t>(positions);
  duckdb::idx_t count = 0;
  for (duckdb::idx_t i = 0; i < chunk.size(); ++i) {
    const auto file = files.sel->get_index(i);
    const auto row = positions.sel->get_index(i);
    if (!files.validity.RowIsValid(file) || !positions.validity.RowIsValid(row)) continue;
    const bool first =
        write.changes.Delete(file_names[file].GetString(), static_cast<uint64_t>(rows[row]));
    if (first) {
      fresh.set_index(count++, i);
    } else if (write.refuse_repeats) {
      Throw(Error(Code::kInvalid, "MERGE INTO " + write.target->name +
                                      ": a row is matched by more than one row of the source"));
    }
  }
  return count;
}

// By the summary of a snapshot without row-level deletes.
uint64_t RowCount(const iceberg::TableMetadata& table) {
  const auto snapshot = table.CurrentSnapshot();
  if (!snapshot) return 0;
  const auto total = snapshot->summary.find("total-records");
  return total == snapshot->summary.end() ? 0 : std::strtoull(total->second.c_str(), nullptr, 10);
}

}  // namespace

LakeWrite::LakeWrite(duckdb::PhysicalPlan& plan, duckdb::vector<duckdb::LogicalType> result_types,
                     LakeCatalog& catalog, std::shared_ptr<StatementWrite> write,
                     const Layout& layout)
    : PhysicalOperator(plan, duckdb::PhysicalOperatorType::EXTENSION, std::move(result_types), 1),
      catalog_(catalog),
      write_(std::move(write)),
      layout_(layout) {
  ++write_->sinks;
}

std::string LakeWrite::GetName() const {
  switch (layout_.kind) {
    case WriteKind::kInsert:
      return write_->create ? "LAKE_CREATE_TABLE_AS" : "LAKE_INSERT";
    case WriteKind::kDelete:
      return "LAKE_DELETE";
    case WriteKind::kUpdate:
      return "LAKE_UPDATE";
  }
  return "LAKE_WRITE";
}

// Makes the table of CREATE TABLE AS and the writer; once a statement.
void LakeWrite::Begin(duckdb::ClientContext& client) const {
  if (write_->begun) return;
  write_->begun = true;
  auto& transaction = LakeTransaction::Get(client, catalog_);
  if (write_->create) {
    auto created =
        write_->schema->CreateTable(write_->schema->GetCatalogTransaction(client), *write_->create);
    write_->key = created->Cast<LakeTableEntry>().key();
  }
  auto table = Unwrap(Unwrap(transaction.Table(*write_->key))->Look(transaction.lake()));
  const bool deletes = write_->sinks > 1 || layout_.kind != WriteKind::kInsert;
  if (deletes && table->format_version >= 3)
    Throw(Error(Code::kUnsupported, "change rows of " + write_->key->ToString() +
                                        ": it has Iceberg format version 3, whose row lineage "
                                        "is not kept yet; append to it or use another engine"));
  write_->writer = std::make_shared<TableWriter>(client, transaction.lake(),
                                                 write_->key->ToString(), std::move(table));
  transaction.Keep(write_->writer);
}

duckdb::unique_ptr<duckdb::GlobalSinkState> LakeWrite::GetGlobalSinkState(
    duckdb::ClientContext& client) const {
  Begin(client);
  auto state = duckdb::make_uniq<WriteGlobalState>();
  if (layout_.returning)
    state->returned = duckdb::make_uniq<duckdb::ColumnDataCollection>(
        duckdb::BufferManager::GetBufferManager(client), types);
  return state;
}

duckdb::unique_ptr<duckdb::LocalSinkState> LakeWrite::GetLocalSinkState(
    duckdb::ExecutionContext&) const {
  auto state = duckdb::make_uniq<WriteLocalState>();
  state->rows = std::make_unique<TableWriter::Local>(*write_->writer);
  state->columns.InitializeEmpty(write_->writer->types());
  return state;
}

duckdb::SinkResultType LakeWrite::Sink(duckdb::ExecutionContext& context, duckdb::DataChunk& chunk,
                                       duckdb::OperatorSinkInput& input) const {
  auto& global = input.global_state.Cast<WriteGlobalState>();
  auto& local = input.local_state.Cast<WriteLocalState>();
  duckdb::idx_t count = chunk.size();
  duckdb::SelectionVector fresh(STANDARD_VECTOR_SIZE);
  if (layout_.kind != WriteKind::kInsert) count = DeleteRows(*write_, chunk, layout_, fresh);
  global.count += count;
  if (layout_.kind == WriteKind::kDelete || count == 0)
    return duckdb::SinkResultType::NEED_MORE_INPUT;
  auto& columns = local.columns;
  for (duckdb::idx_t i = 0; i < columns.ColumnCount(); ++i)
    columns.data[i].Reference(chunk.data[i]);
  columns.SetCardinality(chunk.size());
  if (count != chunk.size()) columns.Slice(fresh, count);
  write_->writer->Append(context, *local.rows, columns);
  if (layout_.returning) {
    duckdb::lock_guard<duckdb::mutex> guard(global.mutex);
    global.returned->Append(columns);
  }
  return duckdb::SinkResultType::NEED_MORE_INPUT;
}

duckdb::SinkCombineResultType LakeWrite::Combine(duckdb::ExecutionContext& context,
                                                 duckdb::OperatorSinkCombineInput& input) const {
  write_->writer->Combine(context, *input.local_state.Cast<WriteLocalState>().rows);
  return duckdb::SinkCombineResultType::FINISHED;
}

duckdb::SinkFinalizeType LakeWrite::Finalize(duckdb::Pipeline&, duckdb::Event&,
                                             duckdb::ClientContext& client,
                                             duckdb::OperatorSinkFinalizeInput&) const {
  if (--write_->sinks == 0) Finish(client);
  return duckdb::SinkFinalizeType::READY;
}

// Everything the statement did becomes one change of the table in the transaction.
void LakeWrite::Finish(duckdb::ClientContext& client) const {
  auto& transaction = LakeTransaction::Get(client, catalog_);
  const auto& lake = transaction.lake();
  auto table = Unwrap(Unwrap(transaction.Table(*write_->key))->Look(lake));
  auto change = iceberg::TableChange::On(*table);
  change.isolation = iceberg::Isolation::kSnapshot;
  duckdb::ThreadContext thread(client);
  duckdb::ExecutionContext context(client, thread, nullptr);
  if (!write_->changes.empty())
    Unwrap(write_->changes.Apply(context, write_->target, *write_->writer, change));
  if (write_->everything) {
    change.delete_all = true;
    change.isolation = iceberg::Isolation::kSerializable;
    sink_state->Cast<WriteGlobalState>().count = RowCount(*table);
  }
  change.added = write_->writer->Finish(context);
  if (change.added.empty() && change.removed.empty() && !change.delete_all) return;
  Unwrap(transaction.ChangeTable(*write_->key, std::move(change)));
  transaction.ForgetEntries();
}

duckdb::unique_ptr<duckdb::GlobalSourceState> LakeWrite::GetGlobalSourceState(
    duckdb::ClientContext&) const {
  return duckdb::make_uniq<WriteSourceState>();
}

duckdb::SourceResultType LakeWrite::GetDataInternal(duckdb::ExecutionContext&,
                                                    duckdb::DataChunk& chunk,
                                                    duckdb::OperatorSourceInput& input) const {
  auto& source = input.global_state.Cast<WriteSourceState>();
  auto& global = sink_state->Cast<WriteGlobalState>();
  if (layout_.returning) {
    if (!std::exchange(source.started, true)) global.returned->InitializeScan(source.scan);
    global.returned->Scan(source.scan, chunk);
    return chunk.size() == 0 ? duckdb::SourceResultType::FINISHED
                             : duckdb::SourceResultType::HAVE_MORE_OUTPUT;
  }
  chunk.SetCardinality(1);
  chunk.SetValue(0, 0, duckdb::Value::BIGINT(static_cast<int64_t>(global.count.load())));
  return duckdb::SourceResultType::FINISHED;
}

}  // namespace crannog::sql::engine
