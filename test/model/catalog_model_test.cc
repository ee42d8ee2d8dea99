// The catalog against a model of a few lines: each commit is a whole map from key to content.
// A seed decides everything; CRANNOG_SEED repeats a run, CRANNOG_STEPS makes it longer.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <random>
#include <set>

#include "catalog/test_repository.h"

namespace crannog::catalog {
namespace {

using State = std::map<ContentKey, Content>;

struct ModelCommit {
  State state;
  std::vector<CommitId> parents;
};

std::optional<Content> At(const State& state, const ContentKey& key) {
  const auto found = state.find(key);
  if (found == state.end()) return std::nullopt;
  return found->second;
}

// Every key lies beneath namespaces: the one invariant of a state.
bool IsSound(const State& state) {
  for (const auto& [key, content] : state) {
    if (key.size() == 1) continue;
    const auto parent = At(state, key.parent());
    if (!parent || !parent->IsNamespace()) return false;
  }
  return true;
}

void Set(State& state, const ContentKey& key, const std::optional<Content>& content) {
  state.erase(key);
  if (content) state.emplace(key, *content);
}

class CatalogModel : public ::testing::TestWithParam<int> {
 protected:
  CatalogModel() : seed_(Seed()), random_(seed_), lake_(seed_) {
    heads_["main"] = CommitId();
    commits_[CommitId()] = {};
  }

  static uint64_t Seed() {
    const char* given = std::getenv("CRANNOG_SEED");
    const uint64_t base =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
    return base + static_cast<uint64_t>(GetParam());
  }

  size_t Below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }

  template <typename Container>
  auto& Any(Container& container) {
    auto at = container.begin();
    std::advance(at, static_cast<ptrdiff_t>(Below(container.size())));
    return *at;
  }

  const State& StateOf(const CommitId& id) { return commits_.at(id).state; }

  ContentKey AnyKey() {
    std::string text(1, static_cast<char>('a' + Below(4)));
    while (text.size() < 7 && Below(3) != 0)
      text += "." + std::string(1, static_cast<char>('a' + Below(4)));
    return Key(text);
  }

  ContentBody AnyBody() {
    if (Below(2) == 0) {
      Namespace space;
      if (Below(3) == 0) space.properties["p"] = std::to_string(Below(3));
      return space;
    }
    return TableAt("s3://lake/" + std::to_string(Below(1000)), static_cast<int64_t>(Below(1000)));
  }

  // The first parents of `id`, itself first, the root last.
  std::vector<CommitId> LineOf(CommitId id) {
    std::vector<CommitId> line{id};
    while (!id.IsRoot()) line.push_back(id = commits_.at(id).parents.front());
    return line;
  }

  std::set<CommitId> HistoryOf(const CommitId& id) {
    std::set<CommitId> history;
    std::vector<CommitId> open{id};
    while (!open.empty()) {
      const CommitId next = open.back();
      open.pop_back();
      if (!history.insert(next).second) continue;
      for (const CommitId& parent : commits_.at(next).parents) open.push_back(parent);
    }
    return history;
  }

  std::vector<Operation> AnyOperations(const State& seen) {
    std::vector<Operation> operations;
    std::set<ContentKey> used;
    const size_t count = 1 + Below(4);
    while (operations.size() < count) {
      ContentKey key = seen.empty() || Below(3) == 0 ? AnyKey() : Any(seen).first;
      if (!used.insert(key).second) continue;
      const auto content = At(seen, key);
      switch (Below(6)) {
        case 0:
          operations.push_back(Operation::Delete(key));
          break;
        case 1:
          operations.push_back(Operation::Unchanged(key));
          break;
        case 2: {
          const ContentKey to = AnyKey();
          if (used.insert(to).second) operations.push_back(Operation::Rename(key, to));
          break;
        }
        default:
          if (content && Below(4) != 0) {
            operations.push_back(Operation::Put(key, {content->id, AnyBody()}));
          } else {
            operations.push_back(Operation::Create(key, AnyBody()));
          }
      }
    }
    return operations;
  }

  // The state after, or none when the rules of commits forbid it. New ids are left nil.
  std::optional<State> Apply(const std::vector<Operation>& operations, const State& base,
                             const State& head) {
    State after = head;
    for (const Operation& op : operations) {
      const auto now = At(head, op.key);
      const bool changed = now != At(base, op.key);
      const bool creates = op.kind == OperationKind::kPut && op.content.id.IsNil();
      if (creates ? now.has_value() : changed) return std::nullopt;
      if (op.kind == OperationKind::kUnchanged) continue;
      if (!creates && !now) return std::nullopt;
      if (op.kind == OperationKind::kPut) {
        if (!creates && (now->id != op.content.id || now->kind() != op.content.kind()))
          return std::nullopt;
        Set(after, op.key, op.content);
        continue;
      }
      after.erase(op.key);
      if (op.kind == OperationKind::kRename) {
        if (At(head, op.to)) return std::nullopt;
        Set(after, op.to, now);
      }
    }
    if (!IsSound(after)) return std::nullopt;
    return after;
  }

  void Commit() {
    auto& [branch, head] = Any(heads_);
    if (tags_.contains(branch)) return;
    const std::vector<CommitId> line = LineOf(head);
    const CommitId base = line[Below(std::min<size_t>(line.size(), Below(5) == 0 ? 200 : 3))];
    CommitRequest request;
    request.branch = branch;
    request.base = base;
    request.operations = AnyOperations(StateOf(base));
    request.meta.message = "step " + std::to_string(step_);
    auto expected = Apply(request.operations, StateOf(base), StateOf(head));
    const auto outcome = lake_->Commit(request);
    ASSERT_TRUE(outcome) << outcome.error().ToString();
    ASSERT_EQ(outcome->ok(), expected.has_value()) << DescribeConflicts(outcome->conflicts);
    ++(outcome->ok() ? made_ : refused_);
    if (!outcome->ok()) return;
    for (const auto& [key, id] : outcome->created) expected->at(key).id = id;
    commits_[outcome->id] = {*std::move(expected), {head}};
    head = outcome->id;
  }

  // Three-way, key by key.
  std::optional<State> Merged(const State& base, const State& source, const State& target,
                              KeyMergeMode mode) {
    State after = target;
    std::set<ContentKey> keys;
    for (const auto& [key, content] : base) keys.insert(key);
    for (const auto& [key, content] : source) keys.insert(key);
    for (const ContentKey& key : keys) {
      const auto b = At(base, key);
      const auto s = At(source, key);
      const auto t = At(target, key);
      if (s == b || s == t || mode == KeyMergeMode::kDrop) continue;
      const bool take = mode == KeyMergeMode::kForce || t == b;
      const bool same = s && t && s->IsNamespace() && s->body == t->body;
      if (!take && !same) return std::nullopt;
      if (take) Set(after, key, s);
    }
    if (!IsSound(after)) return std::nullopt;
    return after;
  }

  void Merge() {
    auto& [branch, head] = Any(heads_);
    const CommitId source = Any(heads_).second;
    if (tags_.contains(branch)) return;
    MergeRequest request;
    request.branch = branch;
    request.source = source;
    request.options.default_mode = static_cast<KeyMergeMode>(Below(3));
    const auto dry = [&] {
      MergeRequest copy = request;
      copy.options.dry_run = true;
      return lake_->Merge(copy);
    }();
    const auto outcome = lake_->Merge(request);
    ASSERT_TRUE(outcome && dry) << outcome.error().ToString();
    ASSERT_EQ(dry->successful, outcome->successful);
    ASSERT_FALSE(dry->applied);
    const std::set<CommitId> ours = HistoryOf(head);
    const std::set<CommitId> theirs = HistoryOf(source);
    const CommitId base = outcome->common_ancestor;
    ASSERT_TRUE(ours.contains(base) && theirs.contains(base));
    // The best: no other common ancestor descends from it.
    for (const CommitId& id : ours) {
      if (id != base && theirs.contains(id)) {
        ASSERT_FALSE(HistoryOf(id).contains(base));
      }
    }
    if (ours.contains(source)) {
      ASSERT_TRUE(outcome->successful && !outcome->applied);
      return;
    }
    auto expected =
        Merged(StateOf(base), StateOf(source), StateOf(head), request.options.default_mode);
    ASSERT_EQ(outcome->successful, expected.has_value()) << DescribeConflicts(outcome->conflicts);
    Follow(head, *outcome, std::move(expected), {head, source});
  }

  void Follow(CommitId& head, const MergeOutcome& outcome, std::optional<State> expected,
              std::vector<CommitId> parents) {
    ++(outcome.successful ? made_ : refused_);
    ASSERT_EQ(outcome.head_before, head);
    if (!outcome.applied) {
      ASSERT_EQ(outcome.head, head);
      return;
    }
    commits_[outcome.head] = {*std::move(expected), std::move(parents)};
    head = outcome.head;
  }

  void RevertOrTransplant(bool revert) {
    auto& [branch, head] = Any(heads_);
    const CommitId from = revert ? head : Any(heads_).second;
    if (tags_.contains(branch) || from.IsRoot()) return;
    const std::vector<CommitId> line = LineOf(from);
    const size_t place = Below(std::min<size_t>(line.size() - 1, 10));
    const State& with = StateOf(line[place]);
    const State& without = StateOf(line[place + 1]);
    auto expected = revert ? Merged(with, without, StateOf(head), KeyMergeMode::kNormal)
                           : Merged(without, with, StateOf(head), KeyMergeMode::kNormal);
    const auto outcome = revert ? lake_->Revert({branch, {line[place]}, {}})
                                : lake_->Transplant({branch, {line[place]}, {}});
    ASSERT_TRUE(outcome) << outcome.error().ToString();
    ASSERT_EQ(outcome->successful, expected.has_value()) << DescribeConflicts(outcome->conflicts);
    if (outcome->successful && !outcome->applied) {
      ASSERT_EQ(*expected, StateOf(head));
    }
    Follow(head, *outcome, std::move(expected), {head});
  }

  void ChangeReferences() {
    const std::string name = "ref" + std::to_string(Below(6));
    if (heads_.contains(name)) {
      if (Below(2) == 0 && !tags_.contains(name)) {
        const CommitId target = Any(heads_).second;
        ASSERT_TRUE(lake_->AssignReference(name, heads_[name], target));
        heads_[name] = target;
        return;
      }
      ASSERT_TRUE(lake_->DropReference(name, heads_[name]));
      heads_.erase(name);
      tags_.erase(name);
      return;
    }
    const std::vector<CommitId> line = LineOf(Any(heads_).second);
    const CommitId target = line[Below(line.size())];
    const bool tag = Below(4) == 0;
    ASSERT_TRUE(
        lake_->CreateReference(name, tag ? ReferenceKind::kTag : ReferenceKind::kBranch, target));
    heads_[name] = target;
    if (tag) tags_.insert(name);
  }

  void CheckState(const CommitId& id) {
    const State& expected = StateOf(id);
    ListEntriesRequest request;
    request.limit = 1 + Below(50);
    State listed;
    while (true) {
      const auto page = lake_->ListEntries(id, request);
      ASSERT_TRUE(page) << page.error().ToString();
      for (const Entry& entry : page->entries) listed.emplace(entry.key, entry.content);
      if (!page->next) break;
      request.after = page->next;
    }
    ASSERT_EQ(listed, expected);
    const ContentKey key = AnyKey();
    ASSERT_EQ(*lake_->Get(id, key), At(expected, key));
    // Equal states have equal hashes, different ones different hashes.
    const auto hash = lake_->TreeHash(id);
    ASSERT_TRUE(hash) << hash.error().ToString();
    std::string whole;
    for (const auto& [name, content] : expected)
      whole += name.encoded() + '\n' + EncodeContent(content);
    ASSERT_EQ(hashes_.try_emplace(whole, *hash).first->second, *hash);
    ASSERT_EQ(states_.try_emplace(*hash, whole).first->second, whole);
  }

  void CheckDiff(const CommitId& from, const CommitId& to) {
    DiffRequest request;
    request.limit = 1 + Below(20);
    std::vector<DiffEntry> found;
    while (true) {
      const auto page = lake_->Diff(from, to, request);
      ASSERT_TRUE(page) << page.error().ToString();
      found.insert(found.end(), page->entries.begin(), page->entries.end());
      if (!page->next) break;
      request.after = page->next;
    }
    std::vector<DiffEntry> expected;
    std::set<ContentKey> keys;
    for (const auto& [key, content] : StateOf(from)) keys.insert(key);
    for (const auto& [key, content] : StateOf(to)) keys.insert(key);
    for (const ContentKey& key : keys) {
      DiffEntry entry{key, At(StateOf(from), key), At(StateOf(to), key)};
      if (entry.from != entry.to) expected.push_back(std::move(entry));
    }
    ASSERT_EQ(found, expected);
  }

  void Maintain() {
    if (Below(2) == 0) {
      const auto collected = lake_->Collect({});
      ASSERT_TRUE(collected) << collected.error().ToString();
      std::set<CommitId> live{CommitId()};
      for (const auto& [name, head] : heads_) live.merge(HistoryOf(head));
      EXPECT_EQ(collected->live_commits + 1, live.size());
      std::erase_if(commits_, [&](const auto& item) { return !live.contains(item.first); });
    }
    ASSERT_TRUE(lake_.Reopen());
    const auto report = lake_->Verify({});
    ASSERT_TRUE(report) << report.error().ToString();
    for (const Problem& problem : report->problems)
      ADD_FAILURE() << problem.what << ": " << problem.problem;
    ASSERT_EQ(report->references, heads_.size());
    for (const auto& [name, head] : heads_) ASSERT_EQ(lake_->GetReference(name)->head, head);
  }

  uint64_t seed_;
  std::mt19937_64 random_;
  TestRepository lake_;
  std::map<CommitId, ModelCommit> commits_;
  std::map<std::string, CommitId> heads_;
  std::set<std::string> tags_;
  std::map<std::string, tree::NodeId> hashes_;
  std::map<tree::NodeId, std::string> states_;
  size_t step_ = 0;
  size_t made_ = 0;
  size_t refused_ = 0;
};

TEST_P(CatalogModel, Agrees) {
  SCOPED_TRACE("CRANNOG_SEED=" + std::to_string(seed_ - static_cast<uint64_t>(GetParam())));
  std::cout << "seed " << seed_ << "\n";
  const char* wanted = std::getenv("CRANNOG_STEPS");
  const size_t steps = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 3000;
  for (step_ = 0; step_ < steps && !HasFatalFailure(); ++step_) {
    lake_.clock().Advance(static_cast<int64_t>(Below(2000)));
    const size_t what = Below(100);
    if (what < 75)
      Commit();
    else if (what < 84)
      Merge();
    else if (what < 88)
      RevertOrTransplant(true);
    else if (what < 92)
      RevertOrTransplant(false);
    else
      ChangeReferences();
    if (HasFatalFailure()) break;
    CheckState(Any(heads_).second);
    if (step_ % 5 == 0) CheckDiff(Any(heads_).second, Any(heads_).second);
    if (step_ % 20 == 0) CheckDiff(Any(commits_).first, Any(commits_).first);
    if (step_ % 400 == 399) Maintain();
  }
  std::cout << made_ << " commits and merges made, " << refused_ << " refused, at step " << step_
            << "\n";
  if (!HasFatalFailure()) Maintain();
  EXPECT_GT(made_, steps / 20);
  EXPECT_GT(refused_, steps / 20);
}

INSTANTIATE_TEST_SUITE_P(Seeds, CatalogModel, ::testing::Range(0, 3));

}  // namespace
}  // namespace crannog::catalog
