#include "table/iceberg/format/snapshot.h"

#include <utility>

#include "table/iceberg/format/string_map_json.h"

namespace crannog::table::iceberg {
namespace {

using codec::Json;
using codec::JsonAt;

template <typename T>
void SetIfAny(Json& json, std::string_view key, const std::optional<T>& value) {
  if (value) json.Set(key, *value);
}

}  // namespace

std::string_view Snapshot::operation() const {
  const auto found = summary.find("operation");
  return found == summary.end() ? std::string_view() : std::string_view(found->second);
}

Json SnapshotToJson(const Snapshot& snapshot, int format_version) {
  Json json = Json::NewObject();
  if (format_version >= 2) json.Set("sequence-number", snapshot.sequence_number);
  json.Set("snapshot-id", snapshot.snapshot_id);
  SetIfAny(json, "parent-snapshot-id", snapshot.parent_snapshot_id);
  json.Set("timestamp-ms", snapshot.timestamp_ms);
  if (!snapshot.summary.empty()) json.Set("summary", StringMapToJson(snapshot.summary));
  if (!snapshot.manifest_list.empty()) {
    json.Set("manifest-list", snapshot.manifest_list);
  } else if (format_version == 1 || !snapshot.manifests.empty()) {
    json.Set("manifests", StringsToJson(snapshot.manifests));
  }
  SetIfAny(json, "schema-id", snapshot.schema_id);
  if (format_version >= 3) {
    SetIfAny(json, "first-row-id", snapshot.first_row_id);
    SetIfAny(json, "added-rows", snapshot.added_rows);
    SetIfAny(json, "key-id", snapshot.key_id);
  }
  return json;
}

Result<Snapshot> SnapshotFromJson(const JsonAt& at, int format_version) {
  Snapshot snapshot;
  CRANNOG_ASSIGN(snapshot.snapshot_id, at.Long("snapshot-id"));
  CRANNOG_ASSIGN(snapshot.parent_snapshot_id, at.LongIfAny("parent-snapshot-id"));
  // Snapshots of a table that was v1 once have none; -1 was written for "no parent" at times.
  if (snapshot.parent_snapshot_id == -1) snapshot.parent_snapshot_id.reset();
  CRANNOG_ASSIGN(const auto sequence_number, at.LongIfAny("sequence-number"));
  snapshot.sequence_number = sequence_number.value_or(0);
  CRANNOG_ASSIGN(snapshot.timestamp_ms, at.Long("timestamp-ms"));
  CRANNOG_ASSIGN(auto manifest_list, at.StringIfAny("manifest-list"));
  if (manifest_list) {
    snapshot.manifest_list = std::move(*manifest_list);
  } else {
    auto manifests = at.MemberIfAny("manifests");
    if (!manifests) return at.Wrong("member \"manifest-list\" is missing");
    CRANNOG_ASSIGN(snapshot.manifests, manifests->AsStrings());
  }
  if (const auto summary = at.MemberIfAny("summary")) {
    CRANNOG_ASSIGN(snapshot.summary, summary->AsStringMap());
  }
  CRANNOG_ASSIGN(snapshot.schema_id, at.IntIfAny("schema-id"));
  if (format_version >= 3) {
    CRANNOG_ASSIGN(snapshot.first_row_id, at.LongIfAny("first-row-id"));
    CRANNOG_ASSIGN(snapshot.added_rows, at.LongIfAny("added-rows"));
    CRANNOG_ASSIGN(snapshot.key_id, at.StringIfAny("key-id"));
  }
  return snapshot;
}

Json SnapshotRefToJson(const SnapshotRef& ref) {
  Json json = Json::NewObject();
  json.Set("snapshot-id", ref.snapshot_id);
  json.Set("type", ref.type == SnapshotRefType::kBranch ? "branch" : "tag");
  SetIfAny(json, "min-snapshots-to-keep", ref.min_snapshots_to_keep);
  SetIfAny(json, "max-snapshot-age-ms", ref.max_snapshot_age_ms);
  SetIfAny(json, "max-ref-age-ms", ref.max_ref_age_ms);
  return json;
}

Result<SnapshotRef> SnapshotRefFromJson(const JsonAt& at) {
  SnapshotRef ref;
  CRANNOG_ASSIGN(ref.snapshot_id, at.Long("snapshot-id"));
  CRANNOG_ASSIGN(const std::string type, at.String("type"));
  if (type != "branch" && type != "tag" && type != "BRANCH" && type != "TAG") {
    return at.Wrong("type is branch or tag");
  }
  ref.type =
      type == "branch" || type == "BRANCH" ? SnapshotRefType::kBranch : SnapshotRefType::kTag;
  CRANNOG_ASSIGN(ref.min_snapshots_to_keep, at.IntIfAny("min-snapshots-to-keep"));
  CRANNOG_ASSIGN(ref.max_snapshot_age_ms, at.LongIfAny("max-snapshot-age-ms"));
  CRANNOG_ASSIGN(ref.max_ref_age_ms, at.LongIfAny("max-ref-age-ms"));
  return ref;
}

}  // namespace crannog::table::iceberg
