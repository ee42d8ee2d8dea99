// Scans that queries of our own name by number: SELECT .. FROM lake_scan_of(7). A number that
// nobody offers now names nothing, whoever asks.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace crannog::sql::engine {

class TableScan;  // scan/table_scan.h

inline constexpr const char* kScanOfFunction = "lake_scan_of";

// Thread-safe.
class OfferedScans {
 public:
  uint64_t Add(std::shared_ptr<const TableScan> scan);
  void Remove(uint64_t number);
  // Null when there is none of that number.
  std::shared_ptr<const TableScan> Find(uint64_t number);

 private:
  std::mutex mutex_;  // guards what follows
  uint64_t next_ = 1;
  std::unordered_map<uint64_t, std::shared_ptr<const TableScan>> scans_;
};

// Offers a scan while it lives.
class OfferedScan {
 public:
  OfferedScan(OfferedScans& offered, std::shared_ptr<const TableScan> scan)
      : offered_(offered), number_(offered.Add(std::move(scan))) {}
  ~OfferedScan() { offered_.Remove(number_); }
  OfferedScan(const OfferedScan&) = delete;
  OfferedScan& operator=(const OfferedScan&) = delete;
  // "lake_scan_of(7)": what stands in FROM.
  std::string sql() const;

 private:
  OfferedScans& offered_;
  const uint64_t number_;
};

}  // namespace crannog::sql::engine
