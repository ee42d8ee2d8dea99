#include "cli/references.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "catalog/repository.h"
#include "cli/listing.h"

namespace crannog::cli {
namespace {

using catalog::Reference;
using catalog::ReferenceKind;

std::string_view KindWord(ReferenceKind kind) {
  return kind == ReferenceKind::kBranch ? "branch" : "tag";
}

Result<Reference> FindOfKind(const catalog::Repository& repository, ReferenceKind kind,
                             const std::string& name) {
  CRANNOG_ASSIGN(Reference reference, repository.GetReference(name));
  if (reference.kind == kind) return reference;
  return Fail(Code::kInvalid,
              fmt::format("{} is a {}, not a {}", name, KindWord(reference.kind), KindWord(kind)));
}

}  // namespace

Status ListReferences(const Invocation& invocation, ReferenceKind kind, const std::string& format) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  const catalog::Repository& repository = database->repository();
  Listing listing = Listing::Of({"name", "commit", "time", "author", "message"});
  catalog::ListReferencesRequest request;
  request.kind = kind;
  while (true) {
    CRANNOG_ASSIGN(const catalog::ReferencesPage page, repository.ListReferences(request));
    for (const Reference& reference : page.references) {
      if (reference.head.IsRoot()) {
        listing.rows.push_back(
            {reference.name, "empty", ShownTime(reference.created_us), std::nullopt, std::nullopt});
        continue;
      }
      CRANNOG_ASSIGN(const auto commit, repository.GetCommit(reference.head));
      const auto& authors = commit.meta.authors;
      listing.rows.push_back({reference.name, reference.head.Short(),
                              ShownTime(commit.commit_time_us),
                              authors.empty() ? commit.meta.committer : authors.front(),
                              FirstLine(commit.meta.message)});
    }
    if (!page.next) break;
    request.after = page.next;
  }
  return Print(listing, format, invocation.terminal);
}

Status CreateReference(const Invocation& invocation, ReferenceKind kind, const std::string& name,
                       const std::string& from) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  catalog::Repository& repository = database->repository();
  CRANNOG_ASSIGN(const auto source, repository.Resolve(from));
  CRANNOG_ASSIGN(const Reference made, repository.CreateReference(name, kind, source.commit));
  fmt::print("{} {} at {}\n", KindWord(kind), made.name,
             made.head.IsRoot() ? "the empty beginning" : made.head.Short());
  return {};
}

Status DropReference(const Invocation& invocation, ReferenceKind kind, const std::string& name) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  catalog::Repository& repository = database->repository();
  CRANNOG_ASSIGN(const Reference found, FindOfKind(repository, kind, name));
  CRANNOG_ASSIGN(const Reference dropped, repository.DropReference(name, found.head));
  fmt::print("dropped {} {}, which was at {}\n", KindWord(kind), name, dropped.head.Short());
  return {};
}

Status RenameReference(const Invocation& invocation, ReferenceKind kind, const std::string& name,
                       const std::string& to) {
  CRANNOG_ASSIGN(const auto database, OpenLake(invocation, false));
  catalog::Repository& repository = database->repository();
  CRANNOG_ASSIGN(const Reference found, FindOfKind(repository, kind, name));
  if (name == catalog::kDefaultBranch) {
    return Fail(Code::kInvalid, fmt::format("rename {}: the default branch keeps its name", name));
  }
  CRANNOG_RETURN_IF_ERROR(repository.CreateReference(to, kind, found.head));
  CRANNOG_RETURN_IF_ERROR(repository.DropReference(name, found.head));
  fmt::print("{} {} is now {}\n", KindWord(kind), name, to);
  return {};
}

}  // namespace crannog::cli
