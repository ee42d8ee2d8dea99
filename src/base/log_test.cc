#include "base/log.h"

#include <gtest/gtest.h>

namespace crannog {
namespace {

Logger::Options Into(std::string& lines, LogFormat format, LogLevel level = LogLevel::kInfo) {
  return {.level = level,
          .format = format,
          .now = [] { return int64_t{1'768'383'000'123'456}; },
          .sink = [&lines](std::string_view line) { lines += line; }};
}

TEST(LoggerTest, WritesTextLines) {
  std::string lines;
  Logger logger(Into(lines, LogFormat::kText));
  logger.Info("opened\nlake", {{"path", "/a b"}, {"tables", 3}, {"fresh", true}, {"id", "x7"}});
  EXPECT_EQ(lines,
            "2026-01-14T09:30:00.123456Z info  opened lake path=\"/a b\" tables=3 fresh=true "
            "id=x7\n");
}

TEST(LoggerTest, WritesJsonLines) {
  std::string lines;
  Logger logger(Into(lines, LogFormat::kJson));
  logger.Error("a \"quote\"", {{"text", std::string("tab\t\x01")}, {"number", -5}});
  EXPECT_EQ(lines,
            "{\"time\":\"2026-01-14T09:30:00.123456Z\",\"level\":\"error\","
            "\"message\":\"a \\\"quote\\\"\",\"text\":\"tab\\t\\u0001\",\"number\":-5}\n");
}

TEST(LoggerTest, KeepsToItsLevel) {
  std::string lines;
  Logger warn(Into(lines, LogFormat::kText, LogLevel::kWarn));
  warn.Debug("no");
  warn.Info("no");
  EXPECT_EQ(lines, "");
  warn.Warn("yes");
  EXPECT_NE(lines, "");
  EXPECT_FALSE(Logger::Silent().Enabled(LogLevel::kError));
}

}  // namespace
}  // namespace crannog
