#include "table/iceberg/scan/scan_plan.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "table/iceberg/scan/delete_index.h"
#include "table/iceberg/scan/projection.h"

namespace crannog::table::iceberg {

namespace {

class Planner {
 public:
  Planner(object::Files& files, PlanningCache& cache, const TableMetadata& table,
          const ScanRequest& request)
      : files_(files), cache_(cache), table_(table), request_(request) {}

  Result<ScanPlan> Plan(const Snapshot& snapshot, const Predicate& predicate) {
    schema_ = request_.schema != nullptr ? request_.schema : table_.SchemaOf(snapshot);
    CRANNOG_ASSIGN(bound_, Bind(predicate, *schema_));
    CRANNOG_ASSIGN(list_, cache_.ManifestList(files_, snapshot));
    std::vector<const ManifestFile*> data;
    std::vector<const ManifestFile*> deletes;
    for (const ManifestFile& manifest : *list_) Sort(manifest, data, deletes);
    CRANNOG_ASSIGN(plan_.manifests, cache_.Manifests(files_, table_, data));
    SelectFiles();
    if (!deletes.empty() && !plan_.files.empty()) {
      CRANNOG_ASSIGN(plan_.delete_manifests, cache_.Manifests(files_, table_, deletes));
      MatchDeletes();
    }
    if (request_.decide_all_match) DecideAllMatch();
    return std::move(plan_);
  }

 private:
  struct SpecPredicates {
    PartitionSpecPtr spec;  // null: the metadata does not have it
    Predicate inclusive;
  };

  const SpecPredicates& PredicatesOf(int32_t spec_id) {
    const auto [it, fresh] = by_spec_.try_emplace(spec_id);
    if (fresh) {
      it->second.spec = table_.SpecById(spec_id);
      if (it->second.spec != nullptr) {
        it->second.inclusive = ProjectInclusive(bound_, *it->second.spec, *schema_);
      }
    }
    return it->second;
  }

  // By the manifest list alone: whether a manifest has to be opened.
  void Sort(const ManifestFile& manifest, std::vector<const ManifestFile*>& data,
            std::vector<const ManifestFile*>& deletes) {
    const SpecPredicates& predicates = PredicatesOf(manifest.partition_spec_id);
    const bool may =
        predicates.spec == nullptr
            ? manifest.has_live_files()
            : ManifestMayMatch(predicates.inclusive, *predicates.spec, *schema_, manifest);
    if (manifest.content == ManifestContent::kDeletes) {
      if (may) deletes.push_back(&manifest);
      return;
    }
    ++plan_.counts.manifests;
    if (may) {
      data.push_back(&manifest);
      return;
    }
    ++plan_.counts.manifests_skipped;
    const int64_t count = int64_t{manifest.added_files_count.value_or(0)} +
                          int64_t{manifest.existing_files_count.value_or(0)};
    plan_.counts.files += static_cast<uint64_t>(std::max<int64_t>(count, 0));
    plan_.counts.files_skipped += static_cast<uint64_t>(std::max<int64_t>(count, 0));
  }

  void SelectFiles() {
    std::vector<uint8_t> selected;
    for (const ManifestIndexPtr& manifest : plan_.manifests) {
      selected.resize(manifest->file_count());
      const Predicate& partition = PredicatesOf(manifest->spec_id()).inclusive;
      const uint32_t count = manifest->Select(partition, bound_, selected);
      plan_.counts.files += manifest->file_count();
      plan_.counts.bytes += manifest->size_bytes();
      plan_.counts.files_skipped += manifest->file_count() - count;
      if (count == 0) {
        plan_.counts.bytes_skipped += manifest->size_bytes();
        continue;
      }
      TakeSelected(*manifest, selected, count);
    }
  }

  void TakeSelected(const ManifestIndex& manifest, const std::vector<uint8_t>& selected,
                    uint32_t count) {
    plan_.files.reserve(plan_.files.size() + count);
    if (count == manifest.file_count()) {
      plan_.record_count += manifest.record_count();
    }
    for (uint32_t row = 0; row < manifest.file_count(); ++row) {
      if (selected[row] == 0) {
        plan_.counts.bytes_skipped += manifest.FileSizeBytes(row);
        continue;
      }
      if (count != manifest.file_count()) plan_.record_count += manifest.RecordCount(row);
      plan_.files.push_back({PlannedFile(manifest, row), nullptr, false});
    }
  }

  void MatchDeletes() {
    DeleteIndex index(table_, *schema_);
    for (const ManifestIndexPtr& manifest : plan_.delete_manifests) index.Add(*manifest);
    plan_.counts.delete_files = index.size();
    if (index.empty()) return;
    FileDeletes deletes;
    for (FileScan& scan : plan_.files) {
      const std::string path = scan.file.path();
      const std::vector<Value> partition = scan.file.partition();
      DeleteTarget target{path, scan.file.spec_id(), partition, scan.file.data_sequence_number(),
                          [&](int32_t field_id) { return scan.file.column(field_id); }};
      if (!index.Find(target, deletes)) continue;
      plan_.has_deletes = true;
      plan_.delete_sets.push_back(std::move(deletes));
      scan.deletes = &plan_.delete_sets.back();
    }
  }

  // A leaf holds for all rows by the file's bounds or by its partition; either will do.
  bool AllMatch(const Predicate& predicate, const PlannedFile& file, const PartitionSpec* spec,
                std::span<const Value> partition) {
    const auto all = [&](const Predicate& child) { return AllMatch(child, file, spec, partition); };
    switch (predicate.op) {
      case PredicateOp::kTrue:
        return true;
      case PredicateOp::kFalse:
        return false;
      case PredicateOp::kAnd:
        return std::ranges::all_of(predicate.children, all);
      case PredicateOp::kOr:
        return std::ranges::any_of(predicate.children, all);
      default:
        break;
    }
    if (LeafMustMatch(predicate, file.column(predicate.field_id))) return true;
    if (spec == nullptr) return false;
    return PartitionMustMatch(StrictLeaf(predicate, *spec), *spec, partition);
  }

  const Predicate& StrictLeaf(const Predicate& leaf, const PartitionSpec& spec) {
    const auto [it, fresh] = strict_.try_emplace({&leaf, spec.spec_id});
    if (fresh) it->second = ProjectStrict(BoundPredicate::OfNormalForm(leaf), spec, *schema_);
    return it->second;
  }

  void DecideAllMatch() {
    for (FileScan& scan : plan_.files) {
      const PartitionSpecPtr& spec = PredicatesOf(scan.file.spec_id()).spec;
      const std::vector<Value> partition = scan.file.partition();
      scan.all_match = AllMatch(bound_.root(), scan.file, spec.get(), partition);
    }
  }

  object::Files& files_;
  PlanningCache& cache_;
  const TableMetadata& table_;
  const ScanRequest& request_;
  SchemaPtr schema_;
  BoundPredicate bound_;
  ManifestListPtr list_;
  std::map<int32_t, SpecPredicates> by_spec_;
  std::map<std::pair<const Predicate*, int32_t>, Predicate> strict_;
  ScanPlan plan_;
};

}  // namespace

Result<ScanPlan> PlanScan(object::Files& files, PlanningCache& cache, const ScanRequest& request) {
  CRANNOG_CHECK(request.table != nullptr);
  if (request.snapshot == nullptr) return ScanPlan{};
  const Predicate all = Predicate::True();
  return Planner(files, cache, *request.table, request)
      .Plan(*request.snapshot, request.predicate != nullptr ? *request.predicate : all);
}

Result<ScanPlan> PlanScan(object::Files& files, PlanningCache& cache, const TableMetadata& table,
                          const Snapshot* snapshot, const Predicate& predicate) {
  ScanRequest request;
  request.table = &table;
  request.snapshot = snapshot;
  request.predicate = &predicate;
  return PlanScan(files, cache, request);
}

}  // namespace crannog::table::iceberg
