#include "catalog/names/reference_expression.h"

#include <algorithm>
#include <charconv>

#include "base/iso_time.h"
#include "catalog/names/limits.h"
#include "catalog/names/reference_name.h"

namespace crannog::catalog {
namespace {

constexpr std::string_view kStepMarks = "~^*";

bool LooksLikeHash(std::string_view text) {
  const auto hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return text.size() >= 8 && text.size() <= 64 && std::all_of(text.begin(), text.end(), hex);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

Error Invalid(std::string_view text, std::string_view why) {
  return Error(Code::kInvalid, "reference expression '" + std::string(text.substr(0, 300)) +
                                   "': " + std::string(why));
}

template <typename Number>
bool ParseNumber(std::string_view text, Number& number) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failure == std::errc() && end == text.data() + text.size() && !text.empty();
}

Result<int64_t> ParseTime(std::string_view text) {
  int64_t millis = 0;
  if (!ParseNumber(text, millis)) return ParseIsoMicros(text);
  // A bare year would be read as milliseconds: Nessie does the same.
  if (millis > INT64_MAX / 1000 || millis < INT64_MIN / 1000) {
    return Fail(Code::kInvalid, "the time is out of range");
  }
  // The whole millisecond counts, since clients only ever saw commit times cut to milliseconds.
  return millis * 1000 + (millis < INT64_MAX / 1000 ? 999 : 0);
}

Result<RelativeStep> ParseStep(char mark, std::string_view argument) {
  RelativeStep step;
  if (mark == '*') {
    step.kind = RelativeStep::Kind::kTime;
    CRANNOG_ASSIGN(step.time_us, ParseTime(argument));
    return step;
  }
  step.kind = mark == '~' ? RelativeStep::Kind::kAncestor : RelativeStep::Kind::kParent;
  if (!argument.empty() && !ParseNumber(argument, step.count)) {
    return Fail(Code::kInvalid, "a number must follow ~ and ^");
  }
  return step;
}

}  // namespace

Result<ReferenceExpression> ReferenceExpression::Parse(std::string_view text) {
  if (text.size() > kExpressionBytesMax) return std::unexpected(Invalid(text, "too long"));
  ReferenceExpression expression;
  const size_t base_end = std::min(text.find_first_of(kStepMarks), text.size());
  const std::string_view base = text.substr(0, base_end);
  const size_t at = base.find('@');
  std::string_view name = base.substr(0, at);
  if (at != std::string_view::npos) {
    const std::string_view hash = base.substr(at + 1);
    // `main@` means main: Nessie's clients print it where they know no hash.
    if (!hash.empty() && !LooksLikeHash(hash)) {
      return std::unexpected(Invalid(text, "a hash has 8 to 64 hexadecimal digits"));
    }
    expression.hash = Lower(hash);
    if (name.empty() && hash.empty()) return std::unexpected(Invalid(text, "names nothing"));
  } else if (LooksLikeHash(name)) {
    expression.hash = Lower(name);
    name = {};
  } else if (name.empty()) {
    return std::unexpected(Invalid(text, "names nothing"));
  }
  if (name == "-") name = kDefaultBranch;
  if (!name.empty()) CRANNOG_RETURN_IF_ERROR(CheckReferenceName(name));
  expression.name = name;
  for (std::string_view rest = text.substr(base_end); !rest.empty();) {
    const size_t end = std::min(rest.find_first_of(kStepMarks, 1), rest.size());
    auto step = ParseStep(rest.front(), rest.substr(1, end - 1));
    if (!step) return std::unexpected(Invalid(text, step.error().message()));
    expression.steps.push_back(*step);
    if (expression.steps.size() > kExpressionStepsMax) {
      return std::unexpected(Invalid(text, "too many steps"));
    }
    rest.remove_prefix(end);
  }
  return expression;
}

std::string ReferenceExpression::ToString() const {
  std::string text = name;
  if (!hash.empty()) text += '@' + hash;
  for (const RelativeStep& step : steps) {
    switch (step.kind) {
      case RelativeStep::Kind::kAncestor:
        text += '~' + std::to_string(step.count);
        break;
      case RelativeStep::Kind::kParent:
        text += '^' + std::to_string(step.count);
        break;
      case RelativeStep::Kind::kTime:
        text += '*' + FormatIsoMicros(step.time_us);
        break;
    }
  }
  return text;
}

}  // namespace crannog::catalog
