#include <rocksdb/cache.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>

#include <algorithm>

#include "state/rocks_options_internal.h"

namespace crannog::state {
namespace {

constexpr uint64_t kHashedBlobBytesMin = 128;
constexpr int kHashedFlushes = 12;

std::shared_ptr<rocksdb::TableFactory> BlockTables(TableKind kind,
                                                   const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // Filters and indexes count against the cache, so that memory stays bounded as the lake grows.
  table.cache_index_and_filter_blocks = true;
  table.cache_index_and_filter_blocks_with_high_priority = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // In pieces, each cached by itself: whole ones grow with the table and would not fit.
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.optimize_filters_for_memory = true;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  // Points want small blocks, ranges want large ones.
  table.block_size = kind == TableKind::kIndex ? 16 << 10 : 4 << 10;
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

void KeepValuesApart(rocksdb::ColumnFamilyOptions& table, uint64_t blob_bytes_min) {
  table.enable_blob_files = true;
  table.min_blob_size = blob_bytes_min;
  table.blob_file_size = 64ULL << 20;
  table.blob_compression_type = rocksdb::kLZ4Compression;
}

}  // namespace

rocksdb::ColumnFamilyOptions TableOptions(TableKind kind, const StoreOptions& options,
                                          const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions table;
  table.table_factory = BlockTables(kind, cache);
  table.write_buffer_size = kind == TableKind::kSmall
                                ? 2ULL << 20
                                : std::max<uint64_t>(options.write_buffer_bytes / 2, 1);
  table.max_write_buffer_number = 3;
  table.level_compaction_dynamic_level_bytes = true;
  table.compression = rocksdb::kLZ4Compression;
  table.bottommost_compression = rocksdb::kZSTD;
  if (kind == TableKind::kBlobs) {
    KeepValuesApart(table, options.blob_bytes_min);
    table.enable_blob_garbage_collection = true;
    table.blob_garbage_collection_age_cutoff = 0.5;
  }
  if (kind == TableKind::kHashed) {
    // New keys fall everywhere, so every compaction goes over the whole table: it moves keys only.
    // For the same reason values are collected by Compact() alone: whoever drops many calls it.
    KeepValuesApart(table, kHashedBlobBytesMin);
    // Hashes do not compress.
    table.compression = rocksdb::kNoCompression;
    table.bottommost_compression = rocksdb::kDisableCompressionOption;
    // A flush adds few bytes of keys: several are worth one pass over the next level. Until then
    // a lookup asks the filter of each.
    table.level0_file_num_compaction_trigger = kHashedFlushes;
    table.level0_slowdown_writes_trigger = 3 * kHashedFlushes;
    table.level0_stop_writes_trigger = 4 * kHashedFlushes;
  }
  return table;
}

rocksdb::DBOptions DatabaseOptions(const StoreOptions& options) {
  rocksdb::DBOptions db;
  db.create_if_missing = options.create_if_missing;
  db.create_missing_column_families = true;
  db.paranoid_checks = true;
  // A whole-file checksum of each table and blob file in the MANIFEST, for Verify().
  db.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();

  // The log. fdatasync; a torn tail (power loss in mid-write) ends the replay, which keeps exactly
  // a prefix of all commits. Log files the MANIFEST knows must be there in full.
  db.use_fsync = false;
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  db.track_and_verify_wals_in_manifest = true;
  // Replaying the log at open is bounded by this. Recovery does not flush, so that a short
  // command that opens and closes the lake writes no table files.
  db.max_total_wal_size = 64ULL << 20;
  db.avoid_flush_during_recovery = true;
  db.avoid_flush_during_shutdown = true;  // Store's destructor decides

  db.db_write_buffer_size = options.write_buffer_bytes;
  db.max_background_jobs = 2;
  db.bytes_per_sync = 1 << 20;  // spreads the writing of large files, so that commits do not wait
  db.max_open_files = 512;      // opened when first read: opening a lake costs the same at any size
  db.max_file_opening_threads = 1;  // more are started for every table even when nothing is to open
  db.fail_if_options_file_error = false;  // rocks_files.cc refuses the file
  db.max_manifest_file_size = 16ULL << 20;
  db.skip_stats_update_on_db_open = true;
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.statistics = rocksdb::CreateDBStatistics();
  db.statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  return db;
}

}  // namespace crannog::state
