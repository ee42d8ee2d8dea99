// Point and range reads, as of now or as of a RocksDB snapshot.
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/reader.h"

namespace crannog::state {

// The open database with a handle for each table.
struct RocksTables {
  rocksdb::DB* db = nullptr;
  std::array<rocksdb::ColumnFamilyHandle*, kTableCount> handles{};

  rocksdb::ColumnFamilyHandle* Of(Table table) const;
};

std::string_view TableName(Table table);

// `snapshot` may be null: the latest state.
Result<std::optional<std::string>> RocksGet(const RocksTables& tables,
                                            const rocksdb::Snapshot* snapshot, Table table,
                                            std::string_view key);
Result<std::vector<std::optional<std::string>>> RocksGetMany(
    const RocksTables& tables, const rocksdb::Snapshot* snapshot, Table table,
    std::span<const std::string_view> keys);
Result<std::unique_ptr<Cursor>> RocksScan(const RocksTables& tables,
                                          const rocksdb::Snapshot* snapshot, Table table,
                                          const ScanOptions& options);
std::unique_ptr<Snapshot> RocksSnapshot(const RocksTables& tables);

}  // namespace crannog::state
