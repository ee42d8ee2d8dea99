#include "catalog/step_plan.h"

#include <map>
#include <set>

#include "base/check.h"

namespace crannog::catalog {
namespace {

// What one step does to one key.
struct KeyPlan {
  std::optional<Content> before;  // at the head
  std::optional<Content> after;
  const Operation* put = nullptr;
  const Operation* removal = nullptr;  // a Delete, or a Rename from here
  const Operation* arrival = nullptr;  // a Rename to here
  const Operation* check = nullptr;    // Unchanged
};
using KeyPlans = std::map<ContentKey, KeyPlan>;

class Planner {
 public:
  explicit Planner(const PlanContext& context) : context_(&context) {}

  Result<StepPlan> Operations(const std::vector<Operation>& operations) {
    if (operations.empty()) return Fail(Code::kInvalid, "commit: no operations");
    for (const Operation& operation : operations) CRANNOG_RETURN_IF_ERROR(Register(operation));
    for (auto& [key, plan] : plans_) {
      CRANNOG_ASSIGN(plan.before, context_->head->Get(*context_->nodes, key));
      plan.after = plan.before;
      if (plan.removal != nullptr && plan.before) released_.insert(plan.before->id);
    }
    // In the caller's order, so that conflicts and new ids come in it too.
    for (const Operation& operation : operations) CRANNOG_RETURN_IF_ERROR(Apply(operation));
    CRANNOG_RETURN_IF_ERROR(CheckNamespaces());
    return Finish();
  }

  Result<StepPlan> Decided(const std::vector<DecidedChange>& changes) {
    for (const DecidedChange& change : changes) {
      KeyPlan& plan = plans_[change.key];
      CRANNOG_ASSIGN(plan.before, context_->head->Get(*context_->nodes, change.key));
      plan.after = change.content;
      if (!change.forced && plan.before != change.expected) {
        AddConflict(change.key, ReasonFor(change.expected, plan.before), plan.before,
                    "changed meanwhile");
      }
    }
    CRANNOG_RETURN_IF_ERROR(CheckNamespaces());
    return Finish();
  }

 private:
  Status Register(const Operation& operation) {
    CRANNOG_RETURN_IF_ERROR(RegisterAt(operation.key, operation, false));
    if (operation.kind != OperationKind::kRename) return {};
    return RegisterAt(operation.to, operation, true);
  }

  Status RegisterAt(const ContentKey& key, const Operation& operation, bool is_arrival) {
    if (key.IsRoot()) return Fail(Code::kInvalid, "commit: an operation has an empty key");
    KeyPlan& plan = plans_[key];
    const Operation** place = &plan.removal;
    if (operation.kind == OperationKind::kPut) place = &plan.put;
    if (operation.kind == OperationKind::kUnchanged) place = &plan.check;
    if (is_arrival) place = &plan.arrival;
    const bool twice = *place != nullptr;
    *place = &operation;
    const bool both_ways_in = plan.put != nullptr && plan.arrival != nullptr;
    const bool checked_too =
        plan.check != nullptr && (plan.put != nullptr || plan.removal != nullptr || is_arrival);
    if (twice || both_ways_in || checked_too) {
      return Fail(Code::kInvalid, "commit: several operations on " + key.ToString());
    }
    return {};
  }

  Status Apply(const Operation& operation) {
    switch (operation.kind) {
      case OperationKind::kPut:
        return ApplyPut(operation);
      case OperationKind::kDelete:
        return ApplyRemoval(operation);
      case OperationKind::kUnchanged:
        return ApplyUnchanged(operation);
      case OperationKind::kRename:
        return ApplyRename(operation);
    }
    return Fail(Code::kInvalid, "commit: no such kind of operation");
  }

  Status ApplyPut(const Operation& operation) {
    KeyPlan& plan = plans_.at(operation.key);
    // A Delete of the same key in the same commit makes room.
    const bool present = plan.before && plan.removal == nullptr;
    const ContentId& id = operation.content.id;
    plan.after = operation.content;
    if (operation.expected && operation.expected != plan.before) {
      AddConflict(operation.key, ConflictReason::kValueDiffers, plan.before, "not as expected");
      return {};
    }
    if (id.IsNil()) {
      if (present) {
        AddConflict(operation.key, ConflictReason::kKeyExists, plan.before, "exists already");
        return {};
      }
      plan.after->id = ContentId(io::NewUuidV4(*context_->random));
      result_.created.emplace_back(operation.key, plan.after->id);
      return {};
    }
    if (!present) {
      if (released_.contains(id)) return CheckSinceBase(operation.key, plan.before);
      AddConflict(operation.key, ConflictReason::kKeyDoesNotExist, std::nullopt,
                  "there is nothing to update");
      return {};
    }
    if (plan.before->kind() != operation.content.kind()) {
      AddConflict(operation.key, ConflictReason::kPayloadDiffers, plan.before,
                  "holds another kind of content");
    } else if (plan.before->id != id) {
      AddConflict(operation.key, ConflictReason::kContentIdDiffers, plan.before,
                  "holds other content of that kind");
    } else {
      return CheckSinceBase(operation.key, plan.before);
    }
    return {};
  }

  Status ApplyRemoval(const Operation& operation) {
    KeyPlan& plan = plans_.at(operation.key);
    if (plan.put == nullptr && plan.arrival == nullptr) plan.after.reset();
    if (!plan.before) {
      AddConflict(operation.key, ConflictReason::kKeyDoesNotExist, std::nullopt,
                  "there is nothing to remove");
      return {};
    }
    if (operation.expected && operation.expected != plan.before) {
      AddConflict(operation.key, ConflictReason::kValueDiffers, plan.before, "not as expected");
      return {};
    }
    return CheckSinceBase(operation.key, plan.before);
  }

  Status ApplyUnchanged(const Operation& operation) {
    const KeyPlan& plan = plans_.at(operation.key);
    if (operation.expected && operation.expected != plan.before) {
      AddConflict(operation.key, ConflictReason::kValueDiffers, plan.before, "not as expected");
      return {};
    }
    return CheckSinceBase(operation.key, plan.before);
  }

  Status ApplyRename(const Operation& operation) {
    CRANNOG_RETURN_IF_ERROR(ApplyRemoval(operation));
    KeyPlan& to = plans_.at(operation.to);
    if (to.before && to.removal == nullptr) {
      AddConflict(operation.to, ConflictReason::kKeyExists, to.before, "exists already");
      return {};
    }
    to.after = plans_.at(operation.key).before;
    return {};
  }

  Status CheckSinceBase(const ContentKey& key, const std::optional<Content>& current) {
    CRANNOG_ASSIGN(const bool changed, context_->changed_since_base(key, current));
    if (changed) {
      AddConflict(key, ConflictReason::kValueDiffers, current, "changed since the expected commit");
    }
    return {};
  }

  // Parents of what is new must be namespaces; namespaces that go must be empty. What stays has its
  // parents already.
  Status CheckNamespaces() {
    std::set<ContentKey> seen;
    for (const auto& [key, plan] : plans_) {
      if (plan.after && !plan.before) CRANNOG_RETURN_IF_ERROR(CheckParents(key, seen));
      const bool was_namespace = plan.before && plan.before->IsNamespace();
      if (was_namespace && !(plan.after && plan.after->IsNamespace())) {
        CRANNOG_RETURN_IF_ERROR(CheckEmpty(key, plan));
      }
    }
    return {};
  }

  Status CheckParents(const ContentKey& key, std::set<ContentKey>& seen) {
    for (ContentKey parent = key.parent(); !parent.IsRoot(); parent = parent.parent()) {
      if (!seen.insert(parent).second) break;
      const auto planned = plans_.find(parent);
      std::optional<Content> content;
      if (planned != plans_.end()) {
        content = planned->second.after;
      } else {
        CRANNOG_ASSIGN(content, context_->head->Get(*context_->nodes, parent));
      }
      if (!content) {
        AddConflict(parent, ConflictReason::kNamespaceAbsent, std::nullopt,
                    "the namespace does not exist");
      } else if (!content->IsNamespace()) {
        AddConflict(parent, ConflictReason::kNotANamespace, content, "is no namespace");
      }
    }
    return {};
  }

  Status CheckEmpty(const ContentKey& key, const KeyPlan& plan) {
    bool empty = true;
    for (auto at = plans_.upper_bound(key); at != plans_.end() && at->first.IsBeneath(key); ++at) {
      if (at->second.after) empty = false;
    }
    KeyCursor cursor(*context_->nodes, *context_->head);
    const std::string begin = key.encoded() + '\0';
    CRANNOG_ASSIGN(bool more, cursor.Seek(begin));
    while (empty && more && cursor.key().starts_with(begin)) {
      CRANNOG_ASSIGN(const ContentKey child, ContentKey::Decode(cursor.key()));
      empty = plans_.contains(child);  // its fate was looked at above
      CRANNOG_ASSIGN(more, cursor.Next());
    }
    if (!empty) {
      AddConflict(key, ConflictReason::kNamespaceNotEmpty, plan.before,
                  "the namespace is not empty");
    }
    return {};
  }

  void AddConflict(const ContentKey& key, ConflictReason reason,
                   const std::optional<Content>& current, std::string message) {
    result_.conflicts.push_back({key, reason, current, std::move(message)});
  }

  StepPlan Finish() {
    for (auto& [key, plan] : plans_) {
      if (plan.check != nullptr) continue;
      // A delete of nothing, left over from a merge, changes nothing.
      if (!plan.before && !plan.after) continue;
      result_.changes.push_back({key, std::move(plan.after)});
    }
    return std::move(result_);
  }

  const PlanContext* context_;  // not null
  KeyPlans plans_;
  std::set<ContentId> released_;
  StepPlan result_;
};

}  // namespace

Result<StepPlan> PlanOperations(const PlanContext& context,
                                const std::vector<Operation>& operations) {
  return Planner(context).Operations(operations);
}

Result<StepPlan> PlanDecided(const PlanContext& context,
                             const std::vector<DecidedChange>& changes) {
  return Planner(context).Decided(changes);
}

ConflictReason ReasonFor(const std::optional<Content>& wanted,
                         const std::optional<Content>& current) {
  if (!current) return ConflictReason::kKeyDoesNotExist;
  if (!wanted) return ConflictReason::kKeyExists;
  if (wanted->kind() != current->kind()) return ConflictReason::kPayloadDiffers;
  if (wanted->id != current->id) return ConflictReason::kContentIdDiffers;
  return ConflictReason::kValueDiffers;
}

}  // namespace crannog::catalog
