#include "sql/engine/lake/branch_actions.h"

#include <utility>

#include "base/iso_time.h"

namespace crannog::sql::engine {
namespace {

using Kind = BranchStatement::Kind;
using Answer = Result<std::unique_ptr<Rows>>;

constexpr size_t kDiffEntriesMax = 100'000;

class ReadyRows final : public Rows {
 public:
  ReadyRows(AnswerKind kind, std::vector<Column> columns, RowBatch rows)
      : kind_(kind), columns_(std::move(columns)), rows_(std::move(rows)) {}
  AnswerKind kind() const override { return kind_; }
  const std::vector<Column>& columns() const override { return columns_; }
  Result<bool> Next(RowBatch& batch) override {
    if (std::exchange(done_, true) || rows_.rows.empty()) return false;
    batch = std::move(rows_);
    return true;
  }

 private:
  AnswerKind kind_;
  std::vector<Column> columns_;
  RowBatch rows_;
  bool done_ = false;
};

Column TextColumn(std::string name) { return {std::move(name), "VARCHAR", ValueKind::kText}; }
Column TimeColumn(std::string name) {
  return {std::move(name), "TIMESTAMP WITH TIME ZONE", ValueKind::kTime};
}

Answer Nothing() { return MakeRows(AnswerKind::kNothing, {}, {}); }

std::string ShortHash(const catalog::CommitId& id) { return id.ToHex().substr(0, 12); }

std::string Or(const std::string& given, const std::string& otherwise) {
  return given.empty() ? otherwise : given;
}

Answer Create(catalog::Repository& repository, const BranchStatement& statement,
              const std::string& current, catalog::ReferenceKind kind) {
  CRANNOG_ASSIGN(auto from, repository.Resolve(Or(statement.other, current)));
  auto created = repository.CreateReference(statement.name, kind, from.commit);
  if (!created && !(statement.tolerant && created.error().code() == Code::kExists))
    return std::unexpected(std::move(created).error());
  return Nothing();
}

Answer Drop(catalog::Repository& repository, const BranchStatement& statement,
            catalog::ReferenceKind kind) {
  auto reference = repository.GetReference(statement.name);
  if (!reference) {
    if (statement.tolerant && reference.error().code() == Code::kNotFound) return Nothing();
    return std::unexpected(std::move(reference).error());
  }
  if (reference->kind != kind)
    return Fail(Code::kInvalid, "drop " + statement.name + ": it is a " +
                                    std::string(catalog::ReferenceKindName(reference->kind)));
  CRANNOG_ASSIGN(auto dropped, repository.DropReference(statement.name, std::nullopt));
  return Nothing();
}

Answer Merge(catalog::Repository& repository, const BranchStatement& statement,
             const std::string& current) {
  CRANNOG_ASSIGN(auto source, repository.Resolve(statement.name));
  catalog::MergeRequest request;
  request.branch = Or(statement.other, current);
  request.source = source.commit;
  request.source_name = statement.name;
  CRANNOG_ASSIGN(auto outcome, repository.Merge(request));
  if (!outcome.successful)
    return Fail(Code::kConflict, "merge " + statement.name + " into " + request.branch + ": " +
                                     catalog::DescribeConflicts(outcome.conflicts));
  RowBatch rows;
  rows.rows.push_back({request.branch, ShortHash(outcome.head_before), ShortHash(outcome.head),
                       outcome.applied ? "merged" : "already contained"});
  return MakeRows(
      AnswerKind::kRows,
      {TextColumn("branch"), TextColumn("from"), TextColumn("to"), TextColumn("result")},
      std::move(rows));
}

Answer ShowReferences(catalog::Repository& repository, const std::string& current,
                      catalog::ReferenceKind kind) {
  RowBatch rows;
  catalog::ListReferencesRequest request;
  request.kind = kind;
  while (true) {
    CRANNOG_ASSIGN(auto page, repository.ListReferences(request));
    for (const auto& reference : page.references) {
      std::optional<std::string> message;
      std::optional<std::string> time;
      if (auto commit = repository.GetCommit(reference.head)) {
        message = commit->meta.message;
        time = FormatIsoMicros(commit->commit_time_us);
      }
      rows.rows.push_back({reference.name, ShortHash(reference.head),
                           reference.name == current ? "true" : "false", time, message});
    }
    if (!page.next) break;
    request.after = page.next;
  }
  return MakeRows(
      AnswerKind::kRows,
      {TextColumn("name"), TextColumn("commit"), Column{"current", "BOOLEAN", ValueKind::kBoolean},
       TimeColumn("committed_at"), TextColumn("message")},
      std::move(rows));
}

std::string ChangedKeys(const catalog::CommitRecord& commit) {
  constexpr size_t kShownMax = 3;
  std::string text;
  for (size_t i = 0; i < commit.changes.size() && i < kShownMax; ++i)
    text += (i ? ", " : "") + commit.changes[i].key.ToString();
  if (commit.changes.size() > kShownMax)
    text += " and " + std::to_string(commit.changes.size() - kShownMax) + " more";
  return text;
}

Answer ShowLog(catalog::Repository& repository, const BranchStatement& statement,
               const std::string& current) {
  CRANNOG_ASSIGN(auto resolved, repository.Resolve(Or(statement.name, current)));
  RowBatch rows;
  if (!resolved.commit.IsRoot()) {
    catalog::LogRequest request;
    request.from = resolved.commit;
    request.limit = statement.limit;
    CRANNOG_ASSIGN(auto page, repository.Log(request));
    for (const auto& commit : page.commits)
      rows.rows.push_back({ShortHash(commit.id), FormatIsoMicros(commit.commit_time_us),
                           commit.meta.committer, commit.meta.message, ChangedKeys(commit)});
  }
  return MakeRows(AnswerKind::kRows,
                  {TextColumn("commit"), TimeColumn("committed_at"), TextColumn("committer"),
                   TextColumn("message"), TextColumn("changed")},
                  std::move(rows));
}

Answer ShowDiff(catalog::Repository& repository, const BranchStatement& statement,
                const std::string& current) {
  const bool both = !statement.other.empty();
  const std::string from_name = both ? statement.name : Or(statement.name, "main");
  CRANNOG_ASSIGN(auto from, repository.Resolve(from_name));
  CRANNOG_ASSIGN(auto to, repository.Resolve(both ? statement.other : current));
  RowBatch rows;
  catalog::DiffRequest request;
  while (rows.rows.size() < kDiffEntriesMax) {
    CRANNOG_ASSIGN(auto page, repository.Diff(from.commit, to.commit, request));
    for (const auto& entry : page.entries) {
      const char* change = !entry.from ? "added" : !entry.to ? "removed" : "changed";
      const auto& content = entry.to ? *entry.to : *entry.from;
      rows.rows.push_back(
          {change, entry.key.ToString(), std::string(catalog::ContentKindName(content.kind()))});
    }
    if (!page.next) break;
    request.after = page.next;
  }
  return MakeRows(AnswerKind::kRows, {TextColumn("change"), TextColumn("key"), TextColumn("kind")},
                  std::move(rows));
}

}  // namespace

std::unique_ptr<Rows> MakeRows(AnswerKind kind, std::vector<Column> columns, RowBatch rows) {
  return std::make_unique<ReadyRows>(kind, std::move(columns), std::move(rows));
}

Answer RunBranchStatement(catalog::Repository& repository, const BranchStatement& statement,
                          const std::string& current) {
  using catalog::ReferenceKind;
  switch (statement.kind) {
    case Kind::kCreateBranch:
      return Create(repository, statement, current, ReferenceKind::kBranch);
    case Kind::kCreateTag:
      return Create(repository, statement, current, ReferenceKind::kTag);
    case Kind::kDropBranch:
      return Drop(repository, statement, ReferenceKind::kBranch);
    case Kind::kDropTag:
      return Drop(repository, statement, ReferenceKind::kTag);
    case Kind::kUse: {
      CRANNOG_ASSIGN(auto resolved, repository.Resolve(statement.name));
      return Nothing();
    }
    case Kind::kMerge:
      return Merge(repository, statement, current);
    case Kind::kShowBranches:
      return ShowReferences(repository, current, ReferenceKind::kBranch);
    case Kind::kShowTags:
      return ShowReferences(repository, current, ReferenceKind::kTag);
    case Kind::kShowLog:
      return ShowLog(repository, statement, current);
    case Kind::kShowDiff:
      return ShowDiff(repository, statement, current);
  }
  return Fail(Code::kInternal, "a statement without an action");
}

}  // namespace crannog::sql::engine
