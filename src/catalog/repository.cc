// Opening a repository; references and what they resolve to.
#include "catalog/repository.h"

#include <algorithm>

#include "catalog/limits.h"
#include "catalog/names/limits.h"
#include "catalog/repository_internal.h"
#include "catalog/tree/encoding.h"

namespace crannog::catalog {
namespace {

using state::Table;

// The number under `key`, nothing when it was never written.
Result<std::optional<uint64_t>> ReadNumber(const state::Store& store, std::string_view key) {
  CRANNOG_ASSIGN(const auto bytes, store.Get(Table::kCatalogRefs, key));
  if (!bytes) return std::nullopt;
  std::string_view from = *bytes;
  CRANNOG_ASSIGN(const uint64_t number, TakeVarint(from));
  return number;
}

// The format and the branch main, in one batch.
Status Found(state::Store& store, int64_t now_us) {
  state::Batch batch;
  std::string format;
  AppendVarint(format, kFormatVersion);
  batch.Put(Table::kCatalogRefs, kFormatKey, format);
  Reference main;
  main.name = kDefaultBranch;
  main.created_us = now_us;
  batch.Put(Table::kCatalogRefs, main.name, EncodeReference(main));
  return store.Commit(batch, state::Sync::kNow);
}

}  // namespace

Repository::Repository(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Repository::~Repository() = default;

Result<std::unique_ptr<Repository>> Repository::Open(state::Store& store, io::Clock& clock,
                                                     io::Random& random,
                                                     const RepositoryOptions& options) {
  CRANNOG_ASSIGN(const auto format, ReadNumber(store, kFormatKey));
  if (format && *format != kFormatVersion) {
    return Fail(Code::kUnsupported, "open catalog: its format is " + std::to_string(*format) +
                                        ", this release knows " + std::to_string(kFormatVersion) +
                                        ": open it with the release that wrote it, or a newer one");
  }
  if (!format && (!options.create_if_missing || options.read_only)) {
    return Fail(Code::kNotFound, "open catalog: there is none in this state store");
  }
  if (!format) CRANNOG_RETURN_IF_ERROR(Found(store, clock.NowMicros()));
  auto impl = std::make_unique<Impl>(store, clock, random, options);
  CRANNOG_RETURN_IF_ERROR(impl->references.Load(store));
  CRANNOG_ASSIGN(const auto reflog_next, ReadNumber(store, kReflogNextKey));
  const CommitterParts parts{&store,         &clock,      &random, &impl->references,
                             &impl->commits, &impl->nodes};
  impl->committer = std::make_unique<Committer>(parts, reflog_next.value_or(1));
  return std::unique_ptr<Repository>(new Repository(std::move(impl)));
}

Result<ChangeAnswer> Repository::Impl::Submit(ChangeRequest request) {
  if (options.read_only) {
    return Fail(Code::kUnsupported, "change the catalog: it was opened for reading only");
  }
  return committer->Submit(std::move(request));
}

Result<Reference> Repository::Impl::FindReference(std::string_view name) const {
  std::optional<Reference> reference = references.Find(name);
  if (!reference) {
    return Fail(
        Code::kNotFound,
        "reference '" + std::string(name.substr(0, kReferenceNameBytesMax)) + "' does not exist");
  }
  return *std::move(reference);
}

std::string Repository::Impl::WhoOr(std::string_view who) const {
  return who.empty() ? options.default_user : std::string(who);
}

Result<Reference> Repository::GetReference(std::string_view name) const {
  return impl_->FindReference(name == "-" ? kDefaultBranch : name);
}

Result<ReferencesPage> Repository::ListReferences(const ListReferencesRequest& request) const {
  const size_t limit = std::clamp<size_t>(request.limit, 1, kPageEntriesMax);
  ReferencesPage page;
  std::string begin = request.prefix;
  if (request.after) begin = std::max(begin, *request.after);
  impl_->references.Visit(begin, [&](const Reference& reference) {
    if (!reference.name.starts_with(request.prefix)) return false;
    if (request.after && reference.name <= *request.after) return true;
    if (request.kind && reference.kind != *request.kind) return true;
    if (page.references.size() == limit) {
      page.next = page.references.back().name;
      return false;
    }
    page.references.push_back(reference);
    return true;
  });
  return page;
}

Result<Reference> Repository::CreateReference(std::string_view name, ReferenceKind kind,
                                              const CommitId& head, std::string_view who) {
  CRANNOG_RETURN_IF_ERROR(CheckReferenceName(name));
  ChangeRequest request;
  request.kind = ChangeRequest::Kind::kCreate;
  request.reference = name;
  request.reference_kind = kind;
  request.target = head;
  request.who = impl_->WhoOr(who);
  CRANNOG_ASSIGN(ChangeAnswer answer, impl_->Submit(std::move(request)));
  return std::move(answer.reference);
}

Result<Reference> Repository::AssignReference(std::string_view name, const CommitId& expected,
                                              const CommitId& head, std::string_view who) {
  ChangeRequest request;
  request.kind = ChangeRequest::Kind::kAssign;
  request.reference = name;
  request.expected = expected;
  request.target = head;
  request.who = impl_->WhoOr(who);
  CRANNOG_ASSIGN(ChangeAnswer answer, impl_->Submit(std::move(request)));
  return std::move(answer.reference);
}

Result<Reference> Repository::DropReference(std::string_view name,
                                            const std::optional<CommitId>& expected,
                                            std::string_view who) {
  if (name == kDefaultBranch) {
    return Fail(Code::kInvalid, "drop reference 'main': the default branch stays");
  }
  ChangeRequest request;
  request.kind = ChangeRequest::Kind::kDrop;
  request.reference = name;
  request.expected = expected;
  request.who = impl_->WhoOr(who);
  CRANNOG_ASSIGN(ChangeAnswer answer, impl_->Submit(std::move(request)));
  return std::move(answer.reference);
}

Result<CommitId> Repository::Impl::Follow(const CommitId& from, const RelativeStep& step) {
  switch (step.kind) {
    case RelativeStep::Kind::kAncestor: {
      CRANNOG_ASSIGN(const uint64_t sequence, SequenceOf(commits, from));
      if (step.count > sequence) {
        return Fail(Code::kNotFound, "~" + std::to_string(step.count) + " leads past the root");
      }
      return AncestorAt(commits, from, sequence - step.count);
    }
    case RelativeStep::Kind::kParent: {
      if (step.count == 0) return from;
      CRANNOG_ASSIGN(const CommitPtr commit, commits.Load(from));
      if (step.count > commit->parents.size()) {
        return Fail(Code::kNotFound, "commit " + from.ToHex() + " has no parent number " +
                                         std::to_string(step.count));
      }
      return commit->parents[step.count - 1];
    }
    case RelativeStep::Kind::kTime: {
      CRANNOG_ASSIGN(const CommitId found, AncestorByTime(commits, from, step.time_us));
      if (found.IsRoot()) return Fail(Code::kNotFound, "there is no commit at or before that time");
      return found;
    }
  }
  return Fail(Code::kInternal, "no such step");
}

Result<ResolvedReference> Repository::Resolve(std::string_view text) const {
  CRANNOG_ASSIGN(const ReferenceExpression expression, ReferenceExpression::Parse(text));
  const auto within = [&](Error error) {
    return std::unexpected(std::move(error).Within("resolve '" + std::string(text) + "'"));
  };
  ResolvedReference resolved;
  if (!expression.name.empty()) {
    auto reference = impl_->FindReference(expression.name);
    if (!reference) return within(std::move(reference).error());
    resolved.reference = *std::move(reference);
    resolved.commit = resolved.reference.head;
  }
  const bool root_named = expression.hash.size() == 2 * Hash::kSizeBytes &&
                          expression.hash.find_first_not_of('0') == std::string::npos;
  if (root_named) resolved.commit = CommitId();
  if (!expression.hash.empty() && !root_named) {
    auto commit = impl_->commits.FindByPrefix(expression.hash);
    if (!commit) return within(std::move(commit).error());
    resolved.commit = (*commit)->id;
    if (!expression.name.empty()) {
      CRANNOG_ASSIGN(const bool there,
                     IsInHistory(impl_->commits, resolved.commit, resolved.reference.head));
      if (!there) return within(Error(Code::kNotFound, "the hash is not in its history"));
    }
  }
  resolved.hash_given = !expression.hash.empty();
  resolved.relative = !expression.steps.empty();
  for (const RelativeStep& step : expression.steps) {
    auto next = impl_->Follow(resolved.commit, step);
    if (!next) return within(std::move(next).error());
    resolved.commit = *next;
  }
  if (expression.name.empty()) resolved.reference.head = resolved.commit;
  return resolved;
}

}  // namespace crannog::catalog
