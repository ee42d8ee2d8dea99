#include "cli/output/plan_format.h"

#include <algorithm>
#include <string_view>

#include "cli/output/text_width.h"

namespace crannog::cli {

bool IsPlan(const std::vector<sql::Column>& columns) {
  return columns.size() == 2 && columns[0].name == "explain_key" &&
         columns[1].name == "explain_value";
}

void PlanFormat::Add(const sql::RowBatch& batch, std::string& out) {
  for (const auto& row : batch.rows) {
    const std::string plan = row.back().value_or("");
    std::string_view left = plan;
    while (!left.empty()) {
      const size_t end = std::min(left.find('\n'), left.size());
      out += Printable(left.substr(0, end)) + "\n";
      left.remove_prefix(std::min(end + 1, left.size()));
    }
  }
}

}  // namespace crannog::cli
