// An open lake: its state, objects, catalog and SQL in this process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "sql/connection.h"

namespace crannog::catalog {
class Repository;
}
namespace crannog::object {
class Files;
class Store;
}  // namespace crannog::object
namespace crannog::state {
class Store;
}

namespace crannog::sql {

struct DatabaseOptions {
  std::string lake;                // directory; made when absent
  std::string warehouse;           // "", or "file:///absolute/path" for a plain directory
  std::string reference = "main";  // what a new connection looks at
  uint64_t memory_bytes_max = 0;   // of the engine; 0: 80% of the machine's
  uint32_t threads = 0;            // 0: one per core
  bool create = true;              // false: kNotFound when there is no lake
};

// Thread-safe. Connections must end before their database does.
class Database {
 public:
  // Takes the lake's lock.
  //   kUnavailable  another process holds the lake; the message names it
  //   kCorrupt      the lake is damaged      kUnsupported  a newer version wrote it
  static Result<std::unique_ptr<Database>> Open(const DatabaseOptions& options);

  virtual ~Database() = default;
  virtual Result<std::unique_ptr<Connection>> Connect() = 0;
  virtual catalog::Repository& repository() = 0;
  virtual object::Files& files() = 0;
  // The embedded object store (also there when the warehouse is a directory).
  virtual object::Store& objects() = 0;
  virtual state::Store& state() = 0;
};

}  // namespace crannog::sql
