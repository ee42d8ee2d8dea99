#include "sql/engine/write/table_writer.h"

#include <utility>

#include "duckdb/storage/buffer_manager.hpp"
#include "io/random.h"
#include "sql/engine/lake/errors.h"
#include "sql/engine/lake/types.h"

namespace crannog::sql::engine {
namespace {

constexpr int64_t kFileSizeBytesTarget = int64_t{512} << 20;  // write.target-file-size-bytes
constexpr uint64_t kRowGroupRows = 122'880;                   // the engine's own row group

}  // namespace

DataFileWriter::DataFileWriter(duckdb::ExecutionContext& context, const ParquetFormat& format,
                               std::string location)
    : format_(format), location_(std::move(location)) {
  const auto& function = format_.function;
  global_ = function.copy_to_initialize_global(context.client, *format_.bind_data, location_);
  function.copy_to_get_written_statistics(context.client, *format_.bind_data, *global_,
                                          statistics_);
  local_ = function.copy_to_initialize_local(context, *format_.bind_data);
}

void DataFileWriter::Append(duckdb::ExecutionContext& context, duckdb::DataChunk& rows) {
  format_.function.copy_to_sink(context, *format_.bind_data, *global_, *local_, rows);
}

bool DataFileWriter::full(uint64_t size_bytes_target) const {
  return format_.function.rotate_next_file(*global_, *format_.bind_data,
                                           duckdb::optional_idx(size_bytes_target));
}

iceberg::DataFile DataFileWriter::Finish(duckdb::ExecutionContext& context) {
  format_.function.copy_to_combine(context, *format_.bind_data, *global_, *local_);
  format_.function.copy_to_finalize(context.client, *format_.bind_data, *global_);
  iceberg::DataFile file;
  file.file_path = location_;
  file.file_format = iceberg::FileFormat::kParquet;
  AddMetrics(statistics_, *format_.schema, file);
  return file;
}

TableWriter::Local::Local(const TableWriter& writer)
    : partitioner_(*writer.spec_, *writer.schema_) {}

TableWriter::TableWriter(duckdb::ClientContext& client, const Lake& lake, std::string name,
                         iceberg::TableMetadataPtr table)
    : client_(client),
      lake_(lake),
      table_name_(std::move(name)),
      table_(std::move(table)),
      schema_(table_->CurrentSchema()),
      spec_(table_->DefaultSpec()),
      format_(client, *table_, schema_),
      data_location_(table_->Property("write.data.path", table_->location + "/data")),
      file_size_bytes_target_(static_cast<uint64_t>(
          table_->PropertyNumber("write.target-file-size-bytes", kFileSizeBytesTarget))) {
  for (const auto& field : schema_->fields()) types_.push_back(ToEngineType(field.type));
}

std::string TableWriter::NewFile(const PartitionKey& key) {
  std::string location = data_location_ + '/';
  const std::string path = iceberg::PartitionPath(*spec_, key.values);
  if (!path.empty()) location += path + '/';
  location += io::NewUuidV7(lake_.random, lake_.clock.NowMillis()).ToString() + ".parquet";
  lake_.deferred.Add(location);
  std::lock_guard guard(mutex_);
  locations_.push_back(location);
  return location;
}

void TableWriter::CheckRequired(duckdb::DataChunk& rows) const {
  for (size_t i = 0; i < schema_->fields().size(); ++i) {
    const auto& field = schema_->fields()[i];
    if (field.required && duckdb::VectorOperations::HasNull(rows.data[i], rows.size()))
      Throw(Error(Code::kInvalid, "write to " + table_name_ + ": NULL in column " + field.name +
                                      ", which is NOT NULL"));
  }
}

void TableWriter::Append(duckdb::ExecutionContext& context, Local& local, duckdb::DataChunk& rows) {
  if (rows.size() == 0) return;
  CheckRequired(rows);
  if (!local.partitioner_.unpartitioned()) return AppendPartitioned(context, local, rows);
  if (!local.file_)
    local.file_ = std::make_unique<DataFileWriter>(context, format_, NewFile(PartitionKey()));
  local.file_->Append(context, rows);
  if (!local.file_->full(file_size_bytes_target_)) return;
  Keep(context, *local.file_, PartitionKey());
  local.file_.reset();
}

void TableWriter::AppendPartitioned(duckdb::ExecutionContext& context, Local& local,
                                    duckdb::DataChunk& rows) {
  duckdb::DataChunk slice;
  slice.InitializeEmpty(types_);
  local.partitioner_.Split(rows,
                           [&](const PartitionKey& key, std::vector<duckdb::sel_t>& positions) {
                             auto& partition = local.partitions_[key.bytes];
                             if (!partition.buffer) {
                               partition.key = key;
                               partition.buffer = std::make_unique<duckdb::ColumnDataCollection>(
                                   duckdb::BufferManager::GetBufferManager(client_), types_);
                             }
                             duckdb::SelectionVector selection(positions.data());
                             slice.Slice(rows, selection, positions.size());
                             partition.buffer->Append(slice);
                             if (partition.buffer->Count() >= kRowGroupRows)
                               WriteBuffer(context, partition);
                             slice.Reset();
                           });
}

// Moves the buffered rows into the partition's file, and closes a file that is large enough.
void TableWriter::WriteBuffer(duckdb::ExecutionContext& context, Rows& rows) {
  if (rows.buffer->Count() == 0) return;
  if (!rows.file) rows.file = std::make_unique<DataFileWriter>(context, format_, NewFile(rows.key));
  for (auto& chunk : rows.buffer->Chunks()) rows.file->Append(context, chunk);
  rows.buffer->Reset();
  if (!rows.file->full(file_size_bytes_target_)) return;
  Keep(context, *rows.file, rows.key);
  rows.file.reset();
}

void TableWriter::Keep(duckdb::ExecutionContext& context, DataFileWriter& writer,
                       const PartitionKey& key) {
  iceberg::AddedFile file;
  file.file = writer.Finish(context);
  file.file.partition = key.values;
  file.spec_id = spec_->spec_id;
  std::lock_guard guard(mutex_);
  files_.push_back(std::move(file));
}

void TableWriter::Combine(duckdb::ExecutionContext& context, Local& local) {
  if (auto file = std::exchange(local.file_, nullptr)) Keep(context, *file, PartitionKey());
  for (auto& [bytes, rows] : local.partitions_) {
    if (rows.file) {
      WriteBuffer(context, rows);
      if (rows.file) Keep(context, *rows.file, rows.key);
      continue;
    }
    std::lock_guard guard(mutex_);
    auto& rest = rest_[bytes];
    if (!rest.buffer) {
      rest.key = std::move(rows.key);
      rest.buffer = std::move(rows.buffer);
    } else {
      rest.buffer->Combine(*rows.buffer);
    }
  }
  local.partitions_.clear();
}

std::vector<iceberg::AddedFile> TableWriter::Finish(duckdb::ExecutionContext& context) {
  for (auto& [bytes, rows] : rest_) {
    WriteBuffer(context, rows);
    if (rows.file) Keep(context, *rows.file, rows.key);
    rows.buffer.reset();
  }
  rest_.clear();
  std::lock_guard guard(mutex_);
  return std::move(files_);
}

std::vector<std::string> TableWriter::locations() {
  std::lock_guard guard(mutex_);
  return locations_;
}

}  // namespace crannog::sql::engine
