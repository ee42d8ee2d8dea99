#include "sql/engine/scan/scan_function.h"

#include <utility>

#include "base/byte_size.h"
#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp"
#include "duckdb/common/exception.hpp"
#include "duckdb/common/multi_file/multi_file_states.hpp"
#include "duckdb/common/serializer/deserializer.hpp"
#include "duckdb/common/serializer/serializer.hpp"
#include "duckdb/parser/tableref/table_function_ref.hpp"
#include "duckdb/planner/tableref/bound_at_clause.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/statistics/numeric_stats.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/types.h"
#include "sql/engine/scan/multi_file_reader.h"
#include "table/iceberg/scan/table_statistics.h"

namespace crannog::sql::engine {
namespace {

const LakeFileList& ListOf(const duckdb::FunctionData& bind_data) {
  return bind_data.Cast<duckdb::MultiFileBindData>().file_list->Cast<LakeFileList>();
}

// What EXPLAIN shows of a scan: how much of the table is read, and why not all of it.
duckdb::InsertionOrderPreservingMap<std::string> Describe(
    duckdb::TableFunctionToStringInput& input) {
  const auto& list = ListOf(*input.bind_data);
  const auto& target = list.scan().target();
  const auto& counts = list.plan().counts;
  duckdb::InsertionOrderPreservingMap<std::string> lines;
  lines["Table"] = target.name;
  lines["Files"] = std::to_string(counts.files - counts.files_skipped) + " read, " +
                   std::to_string(counts.files_skipped) + " skipped";
  lines["Bytes"] = FormatByteSize(counts.bytes - counts.bytes_skipped) + " read, " +
                   FormatByteSize(counts.bytes_skipped) + " skipped";
  if (counts.manifests_skipped > 0)
    lines["Manifests"] = std::to_string(counts.manifests - counts.manifests_skipped) + " read, " +
                         std::to_string(counts.manifests_skipped) + " skipped";
  if (counts.delete_files > 0) lines["Delete files"] = std::to_string(counts.delete_files);
  if (!list.scan().predicate().IsTrue())
    lines["Pruned by"] = iceberg::ToString(list.scan().predicate(), *target.schema);
  return lines;
}

bool HasNumericStatistics(const duckdb::LogicalType& type) {
  return duckdb::BaseStatistics::GetStatsType(type) == duckdb::StatisticsType::NUMERIC_STATS;
}

duckdb::unique_ptr<duckdb::BaseStatistics> ColumnStats(duckdb::ClientContext&,
                                                       const duckdb::FunctionData* bind_data,
                                                       duckdb::column_t column) {
  const auto& list = ListOf(*bind_data);
  const auto& target = list.scan().target();
  if (duckdb::IsVirtualColumn(column) || column >= target.schema->fields().size()) return nullptr;
  const auto& field = target.schema->fields()[column];
  if (field.type.is_nested() || list.plan().files.empty()) return nullptr;
  const int32_t ids[] = {field.id};
  const auto statistics =
      iceberg::CollectStatistics(list.plan(), *target.table, target.snapshot.get(), ids);
  const auto& known = statistics.columns.front();
  auto stats = duckdb::BaseStatistics::CreateUnknown(ToEngineType(field.type));
  if (!known.may_be_null) stats.Set(duckdb::StatsInfo::CANNOT_HAVE_NULL_VALUES);
  const bool bounded = known.lower && known.upper && !known.may_be_nan;
  if (bounded && HasNumericStatistics(stats.GetType())) {
    duckdb::NumericStats::SetMin(stats, ToEngineValue(*known.lower, field.type));
    duckdb::NumericStats::SetMax(stats, ToEngineValue(*known.upper, field.type));
  }
  if (known.distinct_count) stats.SetDistinctCount(*known.distinct_count);
  return stats.ToUnique();
}

// What DELETE, UPDATE and MERGE find their table by.
duckdb::BindInfo Identify(const duckdb::optional_ptr<duckdb::FunctionData> bind_data) {
  duckdb::BindInfo info(duckdb::ScanType::EXTERNAL);
  info.table = ListOf(*bind_data).scan().target().entry;
  return info;
}

// COUNT(*) without reading a file, where no deletes apply.
duckdb::vector<duckdb::PartitionStatistics> CountStats(duckdb::ClientContext&,
                                                       duckdb::GetPartitionStatsInput& input) {
  duckdb::vector<duckdb::PartitionStatistics> result;
  const auto& list = ListOf(*input.bind_data);
  if (list.plan().has_deletes || !list.scan().predicate().IsTrue()) return result;
  duckdb::PartitionStatistics all;
  all.row_start = 0;
  all.count = list.plan().record_count;
  all.count_type = duckdb::CountType::COUNT_EXACT;
  result.push_back(std::move(all));
  return result;
}

duckdb::vector<duckdb::column_t> ScanRowIdColumns(duckdb::ClientContext&,
                                                  duckdb::optional_ptr<duckdb::FunctionData>) {
  return RowIdColumns();
}

using BindCallback = duckdb::table_function_bind_t;

// Binds `function`, which has the built-in scan's bind, to `scan`.
duckdb::unique_ptr<duckdb::FunctionData> BindTo(duckdb::ClientContext& client,
                                                duckdb::TableFunction& function,
                                                std::shared_ptr<const TableScan> scan,
                                                duckdb::vector<duckdb::LogicalType>& types,
                                                duckdb::vector<std::string>& names) {
  function.get_multi_file_reader = LakeMultiFileReader::Create;
  function.function_info = duckdb::make_shared_ptr<ScanFunctionInfo>(std::move(scan));
  duckdb::vector<duckdb::Value> inputs{duckdb::Value("")};
  duckdb::named_parameter_map_t parameters;
  duckdb::vector<duckdb::LogicalType> input_types;
  duckdb::vector<std::string> input_names;
  duckdb::TableFunctionRef reference;
  duckdb::TableFunctionBindInput input(inputs, parameters, input_types, input_names,
                                       function.function_info.get(), nullptr, function, reference);
  auto bind_data = function.bind(client, input, types, names);
  auto& data = bind_data->Cast<duckdb::MultiFileBindData>();
  data.virtual_columns = VirtualColumns();
  data.reader_bind.filename_idx = duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILENAME;
  return bind_data;
}

duckdb::TableFunction ParquetScan(duckdb::ClientContext& client) {
  auto& system = duckdb::Catalog::GetSystemCatalog(client);
  auto& entry =
      system.GetEntry<duckdb::TableFunctionCatalogEntry>(client, DEFAULT_SCHEMA, "parquet_scan");
  return entry.functions.GetFunctionByArguments(client, {duckdb::LogicalType::VARCHAR});
}

// Keeps the bind that a function of ours took the place of.
struct BuiltInBind : public duckdb::TableFunctionInfo {
  explicit BuiltInBind(BindCallback built_in) : bind(built_in) {}
  BindCallback bind;
};

const BindCallback& BuiltInBindOf(const duckdb::TableFunction& function) {
  return static_cast<const BuiltInBind&>(*function.function_info).bind;
}

// The optimizer takes two scans for one when they serialize alike, and copies a scan by
// serializing it, always within one plan: an address says which target it is.
void SerializeScan(duckdb::Serializer& serializer,
                   const duckdb::optional_ptr<duckdb::FunctionData> bind_data,
                   const duckdb::TableFunction&) {
  const TableScan& scan = ListOf(*bind_data).scan();
  const ScanTarget& target = scan.target();
  serializer.WriteProperty(100, "target", reinterpret_cast<uint64_t>(&target));
  serializer.WriteProperty(101, "pruned_by",
                           scan.predicate().IsTrue()
                               ? std::string()
                               : iceberg::ToString(scan.predicate(), *target.schema));
}

// The copy prunes nothing: the filters that did are still in the plan.
duckdb::unique_ptr<duckdb::FunctionData> DeserializeScan(duckdb::Deserializer& deserializer,
                                                         duckdb::TableFunction& function) {
  const auto address = deserializer.ReadProperty<uint64_t>(100, "target");
  deserializer.ReadProperty<std::string>(101, "pruned_by");
  auto target = reinterpret_cast<const ScanTarget*>(address)->shared_from_this();
  function.bind = BuiltInBindOf(function);
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<std::string> names;
  return BindTo(deserializer.Get<duckdb::ClientContext&>(), function,
                std::make_shared<const TableScan>(std::move(target), iceberg::Predicate::True()),
                types, names);
}

duckdb::unique_ptr<duckdb::FunctionData> RefuseCall(duckdb::ClientContext&,
                                                    duckdb::TableFunctionBindInput&,
                                                    duckdb::vector<duckdb::LogicalType>&,
                                                    duckdb::vector<std::string>&) {
  throw duckdb::BinderException("lake_scan is no function to call: name the table");
}

duckdb::TableFunction LakeScan(duckdb::ClientContext& client) {
  auto function = ParquetScan(client);
  function.name = "lake_scan";
  function.to_string = Describe;
  function.dynamic_to_string = nullptr;
  function.statistics = ColumnStats;
  function.get_partition_stats = CountStats;
  function.get_row_id_columns = ScanRowIdColumns;
  function.get_bind_info = Identify;
  function.serialize = SerializeScan;
  function.deserialize = DeserializeScan;
  return function;
}

// What lake_scan_of needs besides: who offers the scans.
struct ScanOfInfo : public BuiltInBind {
  ScanOfInfo(duckdb::table_function_bind_t built_in, const Lake& of)
      : BuiltInBind(built_in), lake(of) {}
  const Lake& lake;
};

duckdb::unique_ptr<duckdb::FunctionData> BindScanOf(duckdb::ClientContext& client,
                                                    duckdb::TableFunctionBindInput& input,
                                                    duckdb::vector<duckdb::LogicalType>& types,
                                                    duckdb::vector<std::string>& names) {
  auto function = input.table_function;
  const auto& lake = static_cast<const ScanOfInfo&>(*function.function_info).lake;
  const auto& number = input.inputs.front();
  auto scan = number.IsNull() ? nullptr : lake.offered.Find(number.GetValue<uint64_t>());
  if (!scan)
    Throw(Error(Code::kInvalid, std::string(kScanOfFunction) + ": nobody offers that scan"));
  function.bind = BuiltInBindOf(function);
  return BindTo(client, function, std::move(scan), types, names);
}

}  // namespace

duckdb::virtual_column_map_t VirtualColumns() {
  using duckdb::MultiFileReader;
  using duckdb::TableColumn;
  duckdb::virtual_column_map_t columns;
  columns.emplace(MultiFileReader::COLUMN_IDENTIFIER_FILENAME,
                  TableColumn("filename", duckdb::LogicalType::VARCHAR));
  columns.emplace(MultiFileReader::COLUMN_IDENTIFIER_FILE_ROW_NUMBER,
                  TableColumn("file_row_number", duckdb::LogicalType::BIGINT));
  columns.emplace(MultiFileReader::COLUMN_IDENTIFIER_FILE_INDEX,
                  TableColumn("file_index", duckdb::LogicalType::UBIGINT));
  columns.emplace(duckdb::COLUMN_IDENTIFIER_EMPTY, TableColumn("", duckdb::LogicalType::BOOLEAN));
  return columns;
}

duckdb::vector<duckdb::column_t> RowIdColumns() {
  return {duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILENAME,
          duckdb::MultiFileReader::COLUMN_IDENTIFIER_FILE_ROW_NUMBER};
}

duckdb::TableFunction MakeScanFunction(duckdb::ClientContext& client,
                                       std::shared_ptr<const ScanTarget> target,
                                       duckdb::unique_ptr<duckdb::FunctionData>& bind_data) {
  auto function = LakeScan(client);
  auto scan = std::make_shared<const TableScan>(std::move(target), iceberg::Predicate::True());
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::vector<std::string> names;
  bind_data = BindTo(client, function, std::move(scan), types, names);
  return function;
}

duckdb::TableFunction MakeCopiedScanFunction(duckdb::ClientContext& client) {
  auto function = LakeScan(client);
  function.function_info = duckdb::make_shared_ptr<BuiltInBind>(function.bind);
  function.bind = RefuseCall;
  return function;
}

duckdb::TableFunction MakeScanOfFunction(duckdb::ClientContext& client, const Lake& lake) {
  auto function = ParquetScan(client);
  function.name = kScanOfFunction;
  function.arguments = {duckdb::LogicalType::UBIGINT};
  function.function_info = duckdb::make_shared_ptr<ScanOfInfo>(function.bind, lake);
  function.bind = BindScanOf;
  function.statistics = nullptr;
  function.get_partition_stats = nullptr;
  function.serialize = nullptr;
  function.deserialize = nullptr;
  return function;
}

}  // namespace crannog::sql::engine
