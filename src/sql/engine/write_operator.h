// The operators that write to tables: INSERT, CREATE TABLE AS, DELETE, UPDATE and MERGE's actions.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/content_key.h"
#include "duckdb/execution/physical_operator.hpp"
#include "sql/engine/catalog.h"
#include "sql/engine/table_entry.h"
#include "sql/engine/write/row_changes.h"
#include "sql/engine/write/table_writer.h"

namespace duckdb {
struct BoundCreateTableInfo;
}

namespace crannog::sql::engine {

enum class WriteKind : uint8_t { kInsert, kDelete, kUpdate };

// What the operators of one statement share: MERGE has several.
struct StatementWrite {
  std::optional<catalog::ContentKey> key;    // of an existing table
  std::shared_ptr<const ScanTarget> target;  // as the statement sees it
  // CREATE TABLE AS: the table is made when execution starts.
  duckdb::unique_ptr<duckdb::BoundCreateTableInfo> create;
  duckdb::optional_ptr<duckdb::SchemaCatalogEntry> schema;
  // MERGE: a row that is matched twice is an error; UPDATE .. FROM takes the first match.
  bool refuse_repeats = false;
  // DELETE without a condition: every file goes, and none of them is read.
  bool everything = false;
  size_t sinks = 0;  // operators that have yet to finish; the last one makes the change

  std::shared_ptr<TableWriter> writer;
  RowChanges changes;
  bool begun = false;
};

// A sink for rows, and the source of the count (or the rows, for RETURNING).
class LakeWrite : public duckdb::PhysicalOperator {
 public:
  struct Layout {
    WriteKind kind = WriteKind::kInsert;
    // Of INSERT and UPDATE: the table's columns are the first of the input.
    // Of DELETE and UPDATE: where the file's name and the row's position are.
    duckdb::idx_t file_column = 0;
    duckdb::idx_t position_column = 0;
    bool returning = false;
    bool parallel = true;
  };
  LakeWrite(duckdb::PhysicalPlan& plan, duckdb::vector<duckdb::LogicalType> types,
            LakeCatalog& catalog, std::shared_ptr<StatementWrite> write, const Layout& layout);

  std::string GetName() const override;
  duckdb::unique_ptr<duckdb::GlobalSinkState> GetGlobalSinkState(
      duckdb::ClientContext& client) const override;
  duckdb::unique_ptr<duckdb::LocalSinkState> GetLocalSinkState(
      duckdb::ExecutionContext& context) const override;
  duckdb::SinkResultType Sink(duckdb::ExecutionContext& context, duckdb::DataChunk& chunk,
                              duckdb::OperatorSinkInput& input) const override;
  duckdb::SinkCombineResultType Combine(duckdb::ExecutionContext& context,
                                        duckdb::OperatorSinkCombineInput& input) const override;
  duckdb::SinkFinalizeType Finalize(duckdb::Pipeline& pipeline, duckdb::Event& event,
                                    duckdb::ClientContext& client,
                                    duckdb::OperatorSinkFinalizeInput& input) const override;
  bool IsSink() const override { return true; }
  bool ParallelSink() const override { return layout_.parallel; }

  duckdb::unique_ptr<duckdb::GlobalSourceState> GetGlobalSourceState(
      duckdb::ClientContext& client) const override;
  duckdb::SourceResultType GetDataInternal(duckdb::ExecutionContext& context,
                                           duckdb::DataChunk& chunk,
                                           duckdb::OperatorSourceInput& input) const override;
  bool IsSource() const override { return true; }

 private:
  void Begin(duckdb::ClientContext& client) const;
  void Finish(duckdb::ClientContext& client) const;

  LakeCatalog& catalog_;
  std::shared_ptr<StatementWrite> write_;
  Layout layout_;
};

}  // namespace crannog::sql::engine
