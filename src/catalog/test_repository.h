// A repository on a simulated disk, for tests.
#pragma once

#include <memory>
#include <string>

#include "base/check.h"
#include "catalog/repository.h"
#include "io/sim_file_system.h"

namespace crannog::catalog {

class TestRepository {
 public:
  explicit TestRepository(uint64_t seed = 1) : random_(seed) {
    CRANNOG_CHECK(Reopen().has_value());
  }

  // Closes and opens again: what is not on disk is gone.
  Status Reopen(const RepositoryOptions& options = {}) {
    repository_.reset();
    store_.reset();
    state::StoreOptions store_options;
    store_options.directory = "lake/state";
    store_options.file_system = &disk_;
    store_options.clock = &clock_;
    CRANNOG_ASSIGN(store_, state::Store::Open(store_options));
    CRANNOG_ASSIGN(repository_, Repository::Open(*store_, clock_, random_, options));
    return {};
  }

  Repository* operator->() { return repository_.get(); }
  Repository& operator*() { return *repository_; }
  io::SimFileSystem& disk() { return disk_; }
  io::ManualClock& clock() { return clock_; }
  state::Store& store() { return *store_; }

 private:
  io::SimFileSystem disk_;
  io::ManualClock clock_;
  io::SeededRandom random_;
  std::unique_ptr<state::Store> store_;
  std::unique_ptr<Repository> repository_;
};

// "a.b" as a key; the text must be one.
inline ContentKey Key(std::string_view text) {
  Result<ContentKey> key = ContentKey::Parse(text);
  CRANNOG_CHECK(key.has_value());
  return *std::move(key);
}

inline IcebergTable TableAt(std::string location, int64_t snapshot_id = 1) {
  IcebergTable table;
  table.metadata_location = std::move(location);
  table.snapshot_id = snapshot_id;
  return table;
}

}  // namespace crannog::catalog
