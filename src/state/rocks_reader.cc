#include "base/check.h"
#include "base/ordered_key.h"
#include "state/rocks_reader_internal.h"
#include "state/rocks_status_internal.h"

namespace crannog::state {
namespace {

std::string Reading(Table table) { return "read state table " + std::string(TableName(table)); }

rocksdb::Slice ToSlice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

class RocksCursor final : public Cursor {
 public:
  RocksCursor(const RocksTables& tables, const rocksdb::Snapshot* snapshot, Table table,
              const ScanOptions& options)
      : table_(table),
        reverse_(options.reverse),
        begin_(options.begin),
        end_(options.end),
        begin_slice_(begin_),
        end_slice_(end_) {
    rocksdb::ReadOptions read;
    read.snapshot = snapshot;
    read.fill_cache = options.fill_cache;
    read.auto_prefix_mode = false;
    read.total_order_seek = true;
    if (!begin_.empty()) read.iterate_lower_bound = &begin_slice_;
    if (!end_.empty()) read.iterate_upper_bound = &end_slice_;
    iterator_.reset(tables.db->NewIterator(read, tables.Of(table)));
  }

  Result<bool> Next() override {
    if (!positioned_) {
      positioned_ = true;
      if (reverse_) {
        iterator_->SeekToLast();
      } else {
        iterator_->SeekToFirst();
      }
    } else if (iterator_->Valid()) {
      if (reverse_) {
        iterator_->Prev();
      } else {
        iterator_->Next();
      }
    }
    return Answer();
  }

  Result<bool> Seek(std::string_view key) override {
    positioned_ = true;
    if (!reverse_) {
      iterator_->Seek(ToSlice(key < begin_ ? begin_ : key));
    } else if (!end_.empty() && key >= end_) {
      iterator_->SeekToLast();
    } else {
      iterator_->SeekForPrev(ToSlice(key));
    }
    return Answer();
  }

  std::string_view key() const override {
    CRANNOG_CHECK(positioned_ && iterator_->Valid());
    return {iterator_->key().data(), iterator_->key().size()};
  }

  std::string_view value() const override {
    CRANNOG_CHECK(positioned_ && iterator_->Valid());
    return {iterator_->value().data(), iterator_->value().size()};
  }

 private:
  Result<bool> Answer() const {
    if (iterator_->Valid()) return true;
    CRANNOG_RETURN_IF_ERROR(FromRocks(Reading(table_), iterator_->status()));
    return false;
  }

  const Table table_;
  const bool reverse_;
  const std::string begin_;
  const std::string end_;
  const rocksdb::Slice begin_slice_;  // the iterator keeps pointers to these two
  const rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> iterator_;
  bool positioned_ = false;
};

class RocksSnapshotReader final : public Snapshot {
 public:
  explicit RocksSnapshotReader(const RocksTables& tables)
      : tables_(tables), snapshot_(tables.db->GetSnapshot()) {}
  ~RocksSnapshotReader() override { tables_.db->ReleaseSnapshot(snapshot_); }

  Result<std::optional<std::string>> Get(Table table, std::string_view key) const override {
    return RocksGet(tables_, snapshot_, table, key);
  }
  Result<std::vector<std::optional<std::string>>> GetMany(
      Table table, std::span<const std::string_view> keys) const override {
    return RocksGetMany(tables_, snapshot_, table, keys);
  }
  Result<std::unique_ptr<Cursor>> Scan(Table table, const ScanOptions& options) const override {
    return RocksScan(tables_, snapshot_, table, options);
  }

 private:
  const RocksTables tables_;
  const rocksdb::Snapshot* const snapshot_;
};

}  // namespace

ScanOptions ScanOptions::Prefix(std::string_view prefix) {
  ScanOptions options;
  options.begin = std::string(prefix);
  options.end = PrefixEnd(prefix);
  return options;
}

rocksdb::ColumnFamilyHandle* RocksTables::Of(Table table) const {
  CRANNOG_CHECK(table < Table::kCount);
  return handles[static_cast<size_t>(table)];
}

std::string_view TableName(Table table) {
  CRANNOG_CHECK(table < Table::kCount);
  return kTables[static_cast<size_t>(table)].name;
}

Result<std::optional<std::string>> RocksGet(const RocksTables& tables,
                                            const rocksdb::Snapshot* snapshot, Table table,
                                            std::string_view key) {
  rocksdb::ReadOptions read;
  read.snapshot = snapshot;
  rocksdb::PinnableSlice pinned;
  const rocksdb::Status status = tables.db->Get(read, tables.Of(table), ToSlice(key), &pinned);
  if (status.ok()) return std::optional(pinned.ToString());
  if (status.IsNotFound()) return std::nullopt;
  return FailRocks(Reading(table), status);
}

Result<std::vector<std::optional<std::string>>> RocksGetMany(
    const RocksTables& tables, const rocksdb::Snapshot* snapshot, Table table,
    std::span<const std::string_view> keys) {
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string_view key : keys) slices.push_back(ToSlice(key));
  std::vector<rocksdb::PinnableSlice> pinned(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  rocksdb::ReadOptions read;
  read.snapshot = snapshot;
  tables.db->MultiGet(read, tables.Of(table), slices.size(), slices.data(), pinned.data(),
                      statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return FailRocks(Reading(table), statuses[i]);
    values[i] = pinned[i].ToString();
  }
  return values;
}

Result<std::unique_ptr<Cursor>> RocksScan(const RocksTables& tables,
                                          const rocksdb::Snapshot* snapshot, Table table,
                                          const ScanOptions& options) {
  return std::make_unique<RocksCursor>(tables, snapshot, table, options);
}

std::unique_ptr<Snapshot> RocksSnapshot(const RocksTables& tables) {
  return std::make_unique<RocksSnapshotReader>(tables);
}

}  // namespace crannog::state
