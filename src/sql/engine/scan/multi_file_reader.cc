#include "sql/engine/scan/multi_file_reader.h"

#include <algorithm>
#include <utility>

#include "duckdb/parser/expression/constant_expression.hpp"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/types.h"
#include "sql/engine/scan/deleted_rows.h"

namespace crannog::sql::engine {
namespace {

using duckdb::MultiFileColumnDefinition;

MultiFileColumnDefinition ToColumn(const iceberg::NestedField& field) {
  MultiFileColumnDefinition column(field.name, ToEngineType(field.type));
  column.identifier = duckdb::Value::INTEGER(field.id);
  column.default_expression = duckdb::make_uniq<duckdb::ConstantExpression>(
      field.type.is_primitive() ? ToEngineValue(field.initial_default, field.type)
                                : duckdb::Value(column.type));
  if (field.type.is_nested())
    for (const auto& child : field.type.fields()) column.children.push_back(ToColumn(child));
  return column;
}

bool HasIds(const MultiFileColumnDefinition& column) {
  if (!column.identifier.IsNull()) return true;
  return std::ranges::any_of(column.children, HasIds);
}

// Files written without field ids get them from the table's name mapping, or, as the reference
// implementation does without one, by their position in the file.
void AssignIds(duckdb::vector<MultiFileColumnDefinition>& columns,
               const iceberg::NameMapping& mapping, const iceberg::MappedField* parent,
               int32_t& stranger) {
  for (auto& column : columns) {
    // Lists and maps have wrappers of Parquet's own between themselves and what they hold.
    const bool wrapper = parent && (column.name == "key_value" || column.name == "list");
    const auto* field = wrapper ? parent : mapping.Find(parent, column.name);
    if (!wrapper) {
      const bool known = field && field->field_id;
      column.identifier = duckdb::Value::INTEGER(known ? *field->field_id : stranger--);
    }
    if (field) AssignIds(column.children, mapping, field, stranger);
  }
}

void AssignIds(duckdb::BaseFileReader& reader, const ScanTarget& target) {
  if (std::ranges::any_of(reader.columns, HasIds)) {
    // The engine stops looking at the first column without an id: strangers get ids of their own.
    int32_t stranger = -2;
    for (auto& column : reader.columns)
      if (column.identifier.IsNull()) column.identifier = duckdb::Value::INTEGER(stranger--);
    return;
  }
  int32_t stranger = -2;
  const auto text = target.table->Property(iceberg::kNameMappingProperty, "");
  const auto mapping = text.empty() ? iceberg::MakeNameMapping(*target.schema)
                                    : Unwrap(iceberg::ParseNameMapping(text));
  AssignIds(reader.columns, mapping, nullptr, stranger);
}

bool FileHasColumn(const duckdb::BaseFileReader& reader, int32_t field_id) {
  return std::ranges::any_of(reader.columns, [&](const MultiFileColumnDefinition& column) {
    return !column.identifier.IsNull() && column.GetIdentifierFieldId() == field_id;
  });
}

// Columns that a file lacks but its partition fixes (specification, "Column Projection").
void AddPartitionConstants(duckdb::MultiFileReaderData& reader_data, const ScanTarget& target,
                           const iceberg::FileScan& scan,
                           const duckdb::vector<duckdb::ColumnIndex>& column_ids) {
  const auto spec = target.table->SpecById(scan.file.spec_id());
  if (!spec || spec->is_unpartitioned()) return;
  const auto values = scan.file.partition();
  for (size_t i = 0; i < column_ids.size(); ++i) {
    if (column_ids[i].IsVirtualColumn()) continue;
    const auto& field = target.schema->fields()[column_ids[i].GetPrimaryIndex()];
    for (size_t p = 0; p < spec->fields.size() && p < values.size(); ++p) {
      const auto& partition = spec->fields[p];
      if (partition.source_id != field.id ||
          partition.transform.kind() != iceberg::TransformKind::kIdentity ||
          FileHasColumn(*reader_data.reader, field.id))
        continue;
      reader_data.constant_map.Add(duckdb::MultiFileGlobalIndex(i),
                                   ToEngineValue(values[p], field.type));
    }
  }
}

}  // namespace

duckdb::unique_ptr<duckdb::MultiFileReader> LakeMultiFileReader::Create(
    const duckdb::TableFunction& function) {
  const auto& info = static_cast<const ScanFunctionInfo&>(*function.function_info);
  return duckdb::make_uniq<LakeMultiFileReader>(info.scan);
}

duckdb::shared_ptr<duckdb::MultiFileList> LakeMultiFileReader::CreateFileList(
    duckdb::ClientContext&, const duckdb::vector<std::string>&, const duckdb::FileGlobInput&) {
  return duckdb::make_shared_ptr<LakeFileList>(scan_);
}

bool LakeMultiFileReader::Bind(duckdb::MultiFileOptions&, duckdb::MultiFileList&,
                               duckdb::vector<duckdb::LogicalType>& types,
                               duckdb::vector<std::string>& names,
                               duckdb::MultiFileReaderBindData& bind_data) {
  for (const auto& field : scan_->target().schema->fields()) {
    bind_data.schema.push_back(ToColumn(field));
    types.push_back(bind_data.schema.back().type);
    names.push_back(field.name);
  }
  bind_data.mapping = duckdb::MultiFileColumnMappingMode::BY_FIELD_ID;
  return true;
}

duckdb::ReaderInitializeType LakeMultiFileReader::InitializeReader(
    duckdb::MultiFileReaderData& reader_data, const duckdb::MultiFileBindData& bind_data,
    const duckdb::vector<duckdb::MultiFileColumnDefinition>& global_columns,
    const duckdb::vector<duckdb::ColumnIndex>& global_column_ids,
    duckdb::optional_ptr<duckdb::TableFilterSet> table_filters, duckdb::ClientContext& client,
    duckdb::MultiFileGlobalState& global_state) {
  const auto& list = global_state.file_list.Cast<LakeFileList>();
  const auto& target = list.scan().target();
  AssignIds(*reader_data.reader, target);
  if (!list.scan().raw_files().empty())
    return MultiFileReader::InitializeReader(reader_data, bind_data, global_columns,
                                             global_column_ids, table_filters, client,
                                             global_state);
  const auto& scan = list.plan().files[reader_data.reader->file_list_idx.GetIndex()];
  AddPartitionConstants(reader_data, target, scan, global_column_ids);
  DeletedRowsPtr deleted = list.scan().DeletedFrom(scan.file.path());
  if (!deleted && scan.deletes != nullptr)
    deleted =
        std::make_shared<const DeletedRows>(Unwrap(LoadDeletedRows(*client.db, target, scan)));
  if (deleted)
    reader_data.reader->deletion_filter = duckdb::make_uniq<DeletedRowsFilter>(std::move(deleted));
  return MultiFileReader::InitializeReader(reader_data, bind_data, global_columns,
                                           global_column_ids, table_filters, client, global_state);
}

duckdb::shared_ptr<duckdb::BaseFileReader> LakeMultiFileReader::CreateReader(
    duckdb::ClientContext& client, duckdb::GlobalTableFunctionState& global_state,
    const duckdb::OpenFileInfo& file, duckdb::idx_t file_index,
    const duckdb::MultiFileBindData& bind_data) {
  try {
    return MultiFileReader::CreateReader(client, global_state, file, file_index, bind_data);
  } catch (const std::exception& exception) {
    auto error = ToError(exception);
    // What the engine calls wrong input is a damaged file of ours.
    const Code code = error.code() == Code::kInvalid ? Code::kCorrupt : error.code();
    Throw(Error(code, "read " + scan_->target().name + ": data file " + file.path + ": " +
                          error.message()));
  }
}

duckdb::unique_ptr<duckdb::MultiFileReader> LakeMultiFileReader::Copy() const {
  return duckdb::make_uniq<LakeMultiFileReader>(scan_);
}

}  // namespace crannog::sql::engine
