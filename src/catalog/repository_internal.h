// The parts of a repository, for the files that implement it.
#pragma once

#include <mutex>

#include "catalog/committer.h"
#include "catalog/names/reference_expression.h"
#include "catalog/repository.h"

namespace crannog::catalog {

struct Repository::Impl {
  Impl(state::Store& state_store, io::Clock& its_clock, io::Random& its_random,
       const RepositoryOptions& its_options)
      : store(&state_store),
        clock(&its_clock),
        random(&its_random),
        options(its_options),
        nodes(state_store, its_options.node_cache_bytes),
        commits(state_store, its_options.commit_cache_bytes) {}

  state::Store* store;
  io::Clock* clock;
  io::Random* random;
  RepositoryOptions options;
  tree::NodeStore nodes;
  CommitStore commits;
  ReferenceStore references;
  std::unique_ptr<Committer> committer;  // set by Open()
  std::mutex collecting;                 // held by the one Collect() that runs

  // Answers kUnsupported when the repository is read-only.
  Result<ChangeAnswer> Submit(ChangeRequest request);
  Result<Reference> FindReference(std::string_view name) const;
  Result<CommitId> Follow(const CommitId& from, const RelativeStep& step);
  // Fills in the committer; checks limits.h.
  Status CompleteMeta(CommitMeta& meta) const;
  std::string WhoOr(std::string_view who) const;
};

}  // namespace crannog::catalog
