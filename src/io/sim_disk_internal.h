// What a simulated disk holds: files and directories, each as the process sees them and as a power
// loss would leave them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/random.h"
#include "io/sim_file_system.h"

namespace crannog::io {

struct SimNode;
using SimNodePtr = std::shared_ptr<SimNode>;

// A file or directory. The pairs are (as seen, as durable).
struct SimNode {
  bool is_directory = false;
  int64_t modified_ms = 0;
  uint64_t link_count = 0;
  // Of a file: `dirty` are the sectors in which the two contents may differ.
  std::string content;
  std::string durable_content;
  std::set<uint64_t> dirty;
  // Of a directory.
  std::map<std::string, SimNodePtr> entries;
  std::map<std::string, SimNodePtr> durable_entries;
};

// One change of names: all of it or nothing survives. A null node means the name went away.
struct SimNameChange {
  struct Entry {
    SimNodePtr directory;
    std::string name;
    SimNodePtr node;
  };
  std::vector<Entry> entries;
};

enum class SimFault : uint8_t { kNone, kFail, kKill };

// Not thread-safe but for `mutex`, which guards all of it and is taken by SimFileSystem's calls.
struct SimFileSystem::Disk {
  Disk() : root(std::make_shared<SimNode>()) { root->is_directory = true; }

  // Each counts one more change or sync point and says what becomes of it.
  SimFault CountWrite();
  SimFault CountSync();

  // The node of `path`, or null. Paths are taken from the root; "." and doubled '/' mean nothing.
  SimNodePtr Find(std::string_view path) const;
  // The directory that `path` stands in and its last name; null when that is no directory.
  struct Place {
    SimNodePtr directory;
    std::string name;
  };
  Place FindPlace(std::string_view path) const;

  // Makes the change visible and remembers it as not yet durable.
  void ChangeNames(SimNameChange change);
  void SyncNames(const SimNodePtr& directory);

  void Write(SimNode& file, uint64_t offset_bytes, std::string_view bytes);
  void Resize(SimNode& file, uint64_t size_bytes);
  void SyncContent(SimNode& file);
  uint64_t UsedBytes() const;
  int64_t NextModifiedMs() { return 1'768'383'000'000 + static_cast<int64_t>(write_count); }

  // Power loss; null loses all that is not durable.
  void Crash(Random* random);
  // What was open is dead, what was locked is free, and no fault is set.
  void StartAnew();

  mutable std::mutex mutex;
  SimNodePtr root;
  std::vector<SimNameChange> pending;  // not yet durable, oldest first
  std::set<std::string> locks;
  uint64_t epoch = 0;  // counts crashes: what was opened in an earlier one is dead
  bool dead = false;

  uint64_t write_count = 0;
  uint64_t sync_count = 0;
  std::optional<uint64_t> kill_at_sync;
  std::optional<uint64_t> kill_at_write;
  std::optional<uint64_t> fail_at_sync;
  std::optional<uint64_t> fail_at_write;
  std::optional<uint64_t> capacity_bytes;
};

// "a/b" of "/a//./b".
std::string SimNormalPath(std::string_view path);

}  // namespace crannog::io
