// The tables of the state store: one ordered map each, atomic together.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace crannog::state {

// To add one, add its line here and in kTables. Names are on disk: never change or reuse one.
enum class Table : uint8_t {
  kMeta,            // format version, lake id, counters
  kBuckets,         // object: bucket name -> properties
  kObjects,         // object: bucket and key -> entry
  kContent,         // object: bytes of small objects (values live in blob files)
  kUploads,         // object: multipart uploads and their parts
  kReclaim,         // object: content waiting to be removed
  kCatalogRefs,     // catalog: branches and tags
  kCatalogCommits,  // catalog: hash -> commit
  kCatalogNodes,    // catalog: hash -> tree node
  kCatalogReflog,   // catalog: who moved which ref when
  kPlanning,        // table: decoded planning data; a cache, may be emptied
  kRuns,            // flow: runs and their steps
  kOffsets,         // stream: positions in sources
  kCount,
};

// How a table is used, which decides how it is kept.
enum class TableKind : uint8_t {
  kSmall,   // few or short-lived entries
  kIndex,   // many entries, read by point and by range
  kHashed,  // keys are hashes: read by point only, values kept apart; dropped ones by Compact()
  kBlobs,   // large values, kept apart from the keys
};

struct TableInfo {
  Table table;
  std::string_view name;
  TableKind kind;
};

inline constexpr size_t kTableCount = static_cast<size_t>(Table::kCount);
inline constexpr std::array<TableInfo, kTableCount> kTables = {{
    {Table::kMeta, "default", TableKind::kSmall},
    {Table::kBuckets, "buckets", TableKind::kSmall},
    {Table::kObjects, "objects", TableKind::kIndex},
    {Table::kContent, "content", TableKind::kBlobs},
    {Table::kUploads, "uploads", TableKind::kSmall},
    {Table::kReclaim, "reclaim", TableKind::kSmall},
    {Table::kCatalogRefs, "catalog_refs", TableKind::kSmall},
    {Table::kCatalogCommits, "catalog_commits", TableKind::kHashed},
    {Table::kCatalogNodes, "catalog_nodes", TableKind::kHashed},
    {Table::kCatalogReflog, "catalog_reflog", TableKind::kIndex},
    {Table::kPlanning, "planning", TableKind::kBlobs},
    {Table::kRuns, "runs", TableKind::kIndex},
    {Table::kOffsets, "offsets", TableKind::kSmall},
}};

}  // namespace crannog::state
