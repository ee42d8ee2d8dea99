// Statements about branches and tags, which the engine's grammar does not know:
//
//   CREATE BRANCH|TAG [IF NOT EXISTS] name [FROM reference]
//   DROP BRANCH|TAG [IF EXISTS] name
//   USE BRANCH reference
//   MERGE BRANCH reference [INTO branch]
//   SHOW BRANCHES | SHOW TAGS
//   SHOW LOG [reference] [LIMIT n]
//   SHOW DIFF [from [TO] to]
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sql/engine/lake/token.h"

namespace crannog::sql::engine {

struct BranchStatement {
  enum class Kind : uint8_t {
    kCreateBranch,
    kCreateTag,
    kDropBranch,
    kDropTag,
    kUse,
    kMerge,
    kShowBranches,
    kShowTags,
    kShowLog,
    kShowDiff,
  };
  Kind kind = Kind::kShowBranches;
  std::string name;       // what is created, dropped, used, merged, or shown first
  std::string other;      // FROM, INTO or TO; "" when not given
  bool tolerant = false;  // IF [NOT] EXISTS
  size_t limit = 20;
};

// Nothing when the statement is none of these.
//   kInvalid  it begins like one of these and goes on otherwise
Result<std::optional<BranchStatement>> ParseBranchStatement(const std::vector<Token>& tokens);

}  // namespace crannog::sql::engine
