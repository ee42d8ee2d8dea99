#include "catalog/merge_plan.h"

namespace crannog::catalog {
namespace {

// Two lines that each made the same namespace do not disagree, though its ids differ.
bool SameNamespace(const std::optional<Content>& a, const std::optional<Content>& b) {
  return a && b && a->IsNamespace() && b->IsNamespace() && a->body == b->body;
}

}  // namespace

MergePlan::MergePlan(const MergeOptions& options) : options_(&options) {
  for (const KeyMerge& key : options.keys) keys_[key.key] = &key;
}

KeyMergeDetail& MergePlan::DetailOf(const ContentKey& key) {
  KeyMergeDetail& detail = details_[key];
  detail.key = key;
  const auto special = keys_.find(key);
  detail.mode = special == keys_.end() ? options_->default_mode : special->second->mode;
  return detail;
}

std::optional<DecidedChange> MergePlan::Decide(const KeyCase& key_case) {
  KeyMergeDetail& detail = DetailOf(key_case.key);
  const auto special = keys_.find(key_case.key);
  const KeyMerge* const wish = special == keys_.end() ? nullptr : special->second;
  if (wish != nullptr && wish->expected_target && wish->expected_target != key_case.current) {
    AddConflict(key_case.key, ConflictReason::kValueDiffers, key_case.current,
                "the target does not hold what was expected");
    return std::nullopt;
  }
  if (detail.mode == KeyMergeMode::kDrop) return std::nullopt;
  const bool by_hand = wish != nullptr && wish->resolved;
  const std::optional<Content>& wanted = by_hand ? wish->resolved : key_case.wanted;
  const bool no_change = key_case.before == key_case.wanted && !by_hand;
  if (no_change || key_case.current == wanted) return std::nullopt;
  DecidedChange change{key_case.key, key_case.current, false, wanted};
  if (detail.mode == KeyMergeMode::kForce) {
    change.forced = true;
  } else if (key_case.current != key_case.before && !by_hand) {
    if (SameNamespace(key_case.current, wanted)) return std::nullopt;
    AddConflict(key_case.key, ReasonFor(key_case.before, key_case.current), key_case.current,
                "both sides changed it");
    return std::nullopt;
  }
  detail.changed = true;
  return change;
}

void MergePlan::AddConflict(const ContentKey& key, ConflictReason reason,
                            const std::optional<Content>& current, std::string message) {
  conflicts_.push_back({key, reason, current, std::move(message)});
  KeyMergeDetail& detail = DetailOf(key);
  detail.changed = false;
  detail.conflict = conflicts_.back();
}

void MergePlan::Report(MergeOutcome& outcome) {
  outcome.details.clear();
  for (auto& [key, detail] : details_) outcome.details.push_back(std::move(detail));
  outcome.conflicts = std::move(conflicts_);
  outcome.successful = outcome.conflicts.empty();
}

}  // namespace crannog::catalog
