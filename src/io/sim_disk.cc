#include <algorithm>

#include "base/check.h"
#include "io/sim_disk_internal.h"

namespace crannog::io {
namespace {

constexpr uint64_t kSectorBytes = 512;

std::vector<std::string> Split(std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const size_t slash = std::min(path.find('/'), path.size());
    const std::string_view name = path.substr(0, slash);
    if (!name.empty() && name != ".") names.emplace_back(name);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return names;
}

void MarkDirty(SimNode& file, uint64_t begin_bytes, uint64_t end_bytes) {
  for (uint64_t sector = begin_bytes / kSectorBytes; sector * kSectorBytes < end_bytes; ++sector) {
    file.dirty.insert(sector);
  }
}

void CopySector(const std::string& from, std::string& to, uint64_t sector) {
  const uint64_t begin = sector * kSectorBytes;
  const uint64_t size = std::min<uint64_t>(from.size(), to.size());
  if (begin >= size) return;
  const uint64_t count = std::min(kSectorBytes, size - begin);
  std::copy_n(from.begin() + static_cast<int64_t>(begin), count,
              to.begin() + static_cast<int64_t>(begin));
}

// Lets some of what was not synced reach the disk. Most crashes keep all or nothing of a file's
// tail; the odd ones in between are tried as often as both together.
void Tear(SimNode& file, Random& random) {
  const uint64_t low = std::min(file.content.size(), file.durable_content.size());
  const uint64_t high = std::max(file.content.size(), file.durable_content.size());
  const uint64_t manner = random.Below(4);  // 0 keeps nothing, 1 all, else each sector by chance
  if (manner == 0) return;
  if (manner == 1) {
    file.durable_content = file.content;
    return;
  }
  file.durable_content.resize(low + random.Below(high - low + 1), '\0');
  for (const uint64_t sector : file.dirty) {
    if (random.Below(2) == 0) CopySector(file.content, file.durable_content, sector);
  }
}

void Collect(const SimNodePtr& node, std::set<SimNode*>& seen) {
  std::vector<SimNode*> stack = {node.get()};
  while (!stack.empty()) {
    SimNode* next = stack.back();
    stack.pop_back();
    if (!seen.insert(next).second) continue;
    for (const auto& [name, child] : next->entries) stack.push_back(child.get());
  }
}

}  // namespace

std::string SimNormalPath(std::string_view path) {
  std::string normal;
  for (const std::string& name : Split(path)) {
    if (!normal.empty()) normal.push_back('/');
    normal += name;
  }
  return normal;
}

SimFault SimFileSystem::Disk::CountWrite() {
  const uint64_t n = write_count++;
  if (dead) return SimFault::kKill;
  if (kill_at_write == n) {
    dead = true;
    return SimFault::kKill;
  }
  return fail_at_write == n ? SimFault::kFail : SimFault::kNone;
}

SimFault SimFileSystem::Disk::CountSync() {
  // A sync is a change too: a test that kills at every change also kills at every sync.
  const SimFault as_write = CountWrite();
  if (as_write != SimFault::kNone) return as_write;
  const uint64_t n = sync_count++;
  if (kill_at_sync == n) {
    dead = true;
    return SimFault::kKill;
  }
  return fail_at_sync == n ? SimFault::kFail : SimFault::kNone;
}

SimNodePtr SimFileSystem::Disk::Find(std::string_view path) const {
  SimNodePtr node = root;
  for (const std::string& name : Split(path)) {
    const auto found = node->entries.find(name);
    if (found == node->entries.end()) return nullptr;
    node = found->second;
  }
  return node;
}

SimFileSystem::Disk::Place SimFileSystem::Disk::FindPlace(std::string_view path) const {
  std::vector<std::string> names = Split(path);
  if (names.empty()) return {};
  Place place{root, names.back()};
  names.pop_back();
  for (const std::string& name : names) {
    const auto found = place.directory->entries.find(name);
    if (found == place.directory->entries.end() || !found->second->is_directory) return {};
    place.directory = found->second;
  }
  return place;
}

void SimFileSystem::Disk::ChangeNames(SimNameChange change) {
  for (const auto& [directory, name, node] : change.entries) {
    SimNodePtr& slot = directory->entries[name];
    if (slot != nullptr) --slot->link_count;
    if (node != nullptr) ++node->link_count;
    slot = node;
    if (slot == nullptr) directory->entries.erase(name);
    directory->modified_ms = NextModifiedMs();
  }
  pending.push_back(std::move(change));
}

void SimFileSystem::Disk::SyncNames(const SimNodePtr& directory) {
  // Only changes of this directory, in their order; a change that spans two directories takes its
  // other half along, as a journal would.
  std::vector<SimNameChange> left;
  for (SimNameChange& change : pending) {
    const bool touches = std::ranges::any_of(
        change.entries, [&](const auto& entry) { return entry.directory == directory; });
    if (!touches) {
      left.push_back(std::move(change));
      continue;
    }
    for (const auto& [in, name, node] : change.entries) {
      if (node == nullptr) {
        in->durable_entries.erase(name);
      } else {
        in->durable_entries[name] = node;
      }
    }
  }
  pending = std::move(left);
}

void SimFileSystem::Disk::Write(SimNode& file, uint64_t offset_bytes, std::string_view bytes) {
  const uint64_t old_size = file.content.size();
  const uint64_t end = offset_bytes + bytes.size();
  if (end > old_size) file.content.resize(end, '\0');
  bytes.copy(file.content.data() + offset_bytes, bytes.size());
  MarkDirty(file, std::min(offset_bytes, old_size), end);
  file.modified_ms = NextModifiedMs();
}

void SimFileSystem::Disk::Resize(SimNode& file, uint64_t size_bytes) {
  MarkDirty(file, std::min<uint64_t>(size_bytes, file.content.size()),
            std::max<uint64_t>(size_bytes, file.content.size()));
  file.content.resize(size_bytes, '\0');
  file.modified_ms = NextModifiedMs();
}

void SimFileSystem::Disk::SyncContent(SimNode& file) {
  file.durable_content.resize(file.content.size(), '\0');
  for (const uint64_t sector : file.dirty) CopySector(file.content, file.durable_content, sector);
  file.dirty.clear();
}

uint64_t SimFileSystem::Disk::UsedBytes() const {
  std::set<SimNode*> nodes;
  Collect(root, nodes);
  uint64_t used_bytes = 0;
  for (const SimNode* node : nodes) used_bytes += node->content.size();
  return used_bytes;
}

void SimFileSystem::Disk::Crash(Random* random) {
  const size_t kept = random == nullptr ? 0 : random->Below(pending.size() + 1);
  pending.resize(kept);
  while (!pending.empty()) SyncNames(pending.front().entries.front().directory);

  std::vector<SimNode*> stack = {root.get()};
  std::set<SimNode*> seen;
  for (root->link_count = 0; !stack.empty();) {
    SimNode* node = stack.back();
    stack.pop_back();
    node->entries = node->durable_entries;
    for (const auto& [name, child] : node->entries) {
      if (seen.insert(child.get()).second) {
        child->link_count = 0;
        stack.push_back(child.get());
      }
      ++child->link_count;
    }
    if (node->is_directory) continue;
    if (random != nullptr) Tear(*node, *random);
    node->content = node->durable_content;
    node->dirty.clear();
  }
  StartAnew();
}

void SimFileSystem::Disk::StartAnew() {
  locks.clear();
  ++epoch;
  dead = false;
  kill_at_sync = kill_at_write = fail_at_sync = fail_at_write = capacity_bytes = std::nullopt;
}

}  // namespace crannog::io
