// What EXPLAIN answers: a drawing of many lines in one cell, printed as it was drawn.
#pragma once

#include <string>
#include <vector>

#include "cli/output/row_format.h"

namespace crannog::cli {

// Are these the columns of EXPLAIN?
bool IsPlan(const std::vector<sql::Column>& columns);

class PlanFormat : public RowFormat {
 public:
  void Begin(const std::vector<sql::Column>&, std::string&) override {}
  void Add(const sql::RowBatch& batch, std::string& out) override;
  void End(std::string&) override {}
};

}  // namespace crannog::cli
