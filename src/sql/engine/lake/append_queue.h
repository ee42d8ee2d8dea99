// Appends to one table that arrive together become one snapshot and one commit.
//
// The first to come leads: it takes every append that waits, makes one change of them, puts it on
// the table as the branch has it now, and answers all. Appends follow whatever others did, so none
// of them conflicts with another.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/content.h"
#include "catalog/content_key.h"
#include "table/iceberg/table_change.h"

namespace crannog::sql::engine {

namespace iceberg = table::iceberg;

struct Lake;

// What is appended to what.
struct Append {
  std::string branch;
  catalog::ContentKey key;
  catalog::ContentId table;  // an append to a table of that name that is another one conflicts
  iceberg::TableChange change;
  std::string message;
};

// Thread-safe.
class AppendQueue {
 public:
  // Returns when the append is durable, or will never be.
  //   kConflict  the table is gone, or not the same any more
  Status Commit(const Lake& lake, Append append);

 private:
  struct Waiter {
    Append append;
    std::optional<Status> outcome;
  };
  struct Line {
    std::deque<Waiter*> waiting;
    bool led = false;
  };
  using Group = std::vector<Waiter*>;
  static Group Take(Line& line);
  static std::vector<Status> CommitGroup(const Lake& lake, const Group& group);

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<std::string, std::shared_ptr<Line>> lines_;  // by branch and key
};

}  // namespace crannog::sql::engine
