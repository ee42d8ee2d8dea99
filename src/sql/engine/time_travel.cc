#include "sql/engine/time_travel.h"

#include <utility>

#include "duckdb/common/string_util.hpp"

namespace crannog::sql::engine {
namespace {

std::shared_ptr<ScanTarget> TargetOf(const LakeTransaction& transaction,
                                     const catalog::ContentKey& key,
                                     iceberg::TableMetadataPtr table) {
  auto target = std::make_shared<ScanTarget>();
  target->lake = &transaction.lake();
  target->name = key.ToString();
  target->past = true;
  target->table = std::move(table);
  return target;
}

std::shared_ptr<const ScanTarget> AtSnapshot(std::shared_ptr<ScanTarget> target,
                                             iceberg::SnapshotPtr snapshot) {
  target->schema = target->table->SchemaOf(*snapshot);
  target->snapshot = std::move(snapshot);
  return target;
}

Result<std::shared_ptr<const ScanTarget>> AtLakeReference(LakeTransaction& transaction,
                                                          const catalog::ContentKey& key,
                                                          const std::string& reference) {
  CRANNOG_ASSIGN(auto resolved, transaction.lake().repository.Resolve(reference));
  std::optional<catalog::Content> content;
  if (!resolved.commit.IsRoot()) {
    CRANNOG_ASSIGN(content, transaction.lake().repository.Get(resolved.commit, key));
  }
  const auto* entry = content ? content->As<catalog::IcebergTable>() : nullptr;
  if (!entry) return Fail(Code::kNotFound, "no table " + key.ToString() + " on " + reference);
  CRANNOG_ASSIGN(auto table, transaction.lake().LoadTable(entry->metadata_location));
  auto target = TargetOf(transaction, key, std::move(table));
  target->snapshot = target->table->CurrentSnapshot();
  target->schema = target->table->CurrentSchema();
  return target;
}

Result<std::shared_ptr<const ScanTarget>> AtTime(std::shared_ptr<ScanTarget> target,
                                                 const duckdb::Value& value) {
  duckdb::Value time;
  std::string problem;
  if (!value.DefaultTryCastAs(duckdb::LogicalType::TIMESTAMP, time, &problem))
    return Fail(Code::kInvalid, "AT (TIMESTAMP => " + value.ToString() + "): " + problem);
  const int64_t time_ms = time.GetValue<duckdb::timestamp_t>().value / 1000;
  auto snapshot = target->table->SnapshotAsOf(time_ms);
  if (!snapshot)
    return Fail(Code::kNotFound, target->name + " had no snapshot at " + time.ToString());
  return AtSnapshot(std::move(target), std::move(snapshot));
}

bool IsNumber(const duckdb::Value& value) { return value.type().IsIntegral(); }

}  // namespace

Result<std::shared_ptr<const ScanTarget>> TravelTo(LakeTransaction& transaction,
                                                   const catalog::ContentKey& key,
                                                   const duckdb::BoundAtClause& at) {
  const auto& value = at.GetValue();
  if (value.IsNull()) return Fail(Code::kInvalid, "AT (" + at.Unit() + " => NULL)");
  const bool by_time = duckdb::StringUtil::CIEquals(at.Unit(), "timestamp");
  if (!by_time && !duckdb::StringUtil::CIEquals(at.Unit(), "version"))
    return Fail(Code::kInvalid, "AT takes VERSION or TIMESTAMP, not " + at.Unit());
  if (!by_time && !IsNumber(value)) {
    const std::string name = value.ToString();
    auto pending = transaction.Table(key);
    if (pending) {
      CRANNOG_ASSIGN(auto table, (*pending)->Look(transaction.lake()));
      if (name != iceberg::kMainBranch)
        if (auto snapshot = table->SnapshotByRef(name))
          return AtSnapshot(TargetOf(transaction, key, std::move(table)), std::move(snapshot));
    }
    return AtLakeReference(transaction, key, name);
  }
  CRANNOG_ASSIGN(auto pending, transaction.Table(key));
  CRANNOG_ASSIGN(auto table, pending->Look(transaction.lake()));
  auto target = TargetOf(transaction, key, std::move(table));
  if (by_time) return AtTime(std::move(target), value);
  const auto id = value.DefaultCastAs(duckdb::LogicalType::BIGINT).GetValue<int64_t>();
  auto snapshot = target->table->SnapshotById(id);
  if (!snapshot)
    return Fail(Code::kNotFound, target->name + " has no snapshot " + std::to_string(id));
  return AtSnapshot(std::move(target), std::move(snapshot));
}

}  // namespace crannog::sql::engine
