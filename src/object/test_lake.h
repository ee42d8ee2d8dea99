// A store on a simulated disk, for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "io/clock.h"
#include "io/sim_file_system.h"
#include "object/store.h"
#include "object/verify.h"
#include "state/store.h"

namespace crannog::object {

inline constexpr size_t kTestInlineMax = 4'096;

// Bytes that a seed repeats.
inline std::string TestBytes(size_t size, uint64_t seed) {
  std::string bytes(size, '\0');
  uint64_t x = seed * 0x9E3779B97F4A7C15ULL + 1;
  for (char& byte : bytes) {
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    byte = static_cast<char>(x >> 56);
  }
  return bytes;
}

struct TestLake {
  TestLake() {
    const Status opened = TryOpen();
    EXPECT_TRUE(opened) << opened.error().ToString();
  }

  Status TryOpen() {
    state::StoreOptions state_options;
    state_options.directory = "/lake/state";
    state_options.file_system = disk.get();
    CRANNOG_ASSIGN(state, state::Store::Open(state_options));
    StoreOptions options;
    options.directory = "/lake/objects";
    options.inline_size_bytes_max = kTestInlineMax;
    options.part_size_bytes_min = 100;
    options.reclaim_in_background = false;
    CRANNOG_ASSIGN(store, Store::Open(*disk, clock, *state, options));
    return {};
  }
  void Close() {
    store.reset();
    state.reset();
  }
  void Reopen() {
    Close();
    const Status opened = TryOpen();
    ASSERT_TRUE(opened) << opened.error().ToString();
  }
  // Power loss that keeps nothing unsynced.
  void Crash() {
    disk->KillAtWrite(disk->write_count());
    Close();
    disk->CrashLosingAll();
    disk->ClearFaults();
    const Status opened = TryOpen();
    ASSERT_TRUE(opened) << opened.error().ToString();
  }

  std::string Read(const ObjectName& name) {
    const auto reader = store->Get(name);
    if (!reader) return "(" + reader.error().ToString() + ")";
    std::string bytes((*reader)->size_bytes(), '\0');
    const Result<size_t> got = (*reader)->ReadAt(0, bytes);
    return got && *got == bytes.size() ? bytes : "(cannot be read)";
  }

  std::vector<std::string> Problems() {
    const Result<VerifyReport> report = Verify(*store, {.read_content = true});
    if (!report) return {report.error().ToString()};
    return report->problems;
  }

  // Content files and temporary files on the disk.
  size_t FileCount() {
    size_t count = 0;
    const auto folders = disk->List("/lake/objects");
    if (!folders) return ~size_t{0};
    for (const auto& folder : *folders) {
      count += disk->List("/lake/objects/" + folder.name).value().size();
    }
    return count;
  }

  std::unique_ptr<io::SimFileSystem> disk = std::make_unique<io::SimFileSystem>();
  io::ManualClock clock;
  std::unique_ptr<state::Store> state;
  std::unique_ptr<Store> store;
};

}  // namespace crannog::object
