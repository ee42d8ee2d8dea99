// Structured logging: a message and named fields, one line each, to where the process decided.
//
// There is no global logger: whoever logs was given one.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>

namespace crannog {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat : uint8_t { kText, kJson };

// A name and a value already written out. Numbers and booleans stay unquoted in JSON.
struct LogField {
  LogField(std::string_view field_name, std::string_view text)
      : name(field_name), value(text), quoted(true) {}
  LogField(std::string_view field_name, const char* text)
      : LogField(field_name, std::string_view(text)) {}
  LogField(std::string_view field_name, const std::string& text)
      : LogField(field_name, std::string_view(text)) {}
  LogField(std::string_view field_name, bool truth)
      : name(field_name), value(truth ? "true" : "false"), quoted(false) {}
  template <std::integral T>
  LogField(std::string_view field_name, T number)
      : name(field_name), value(std::to_string(number)), quoted(false) {}

  std::string_view name;
  std::string value;
  bool quoted;
};

// Thread-safe; lines are never mixed.
class Logger {
 public:
  // Takes one line with its newline. Called under the logger's mutex, so never twice at once.
  using Sink = std::function<void(std::string_view line)>;
  // Microseconds since the epoch.
  using Now = std::function<int64_t()>;
  using Fields = std::initializer_list<LogField>;

  struct Options {
    LogLevel level = LogLevel::kInfo;
    LogFormat format = LogFormat::kText;
    Now now;    // the system clock when empty
    Sink sink;  // stderr when empty
  };

  explicit Logger(Options options);
  // Says nothing, at no cost.
  static Logger Silent() { return Logger({.level = LogLevel::kOff, .now = {}, .sink = {}}); }

  bool Enabled(LogLevel level) const { return level >= level_ && level_ != LogLevel::kOff; }
  void Debug(std::string_view message, Fields fields = {}) {
    Write(LogLevel::kDebug, message, fields);
  }
  void Info(std::string_view message, Fields fields = {}) {
    Write(LogLevel::kInfo, message, fields);
  }
  void Warn(std::string_view message, Fields fields = {}) {
    Write(LogLevel::kWarn, message, fields);
  }
  void Error(std::string_view message, Fields fields = {}) {
    Write(LogLevel::kError, message, fields);
  }

 private:
  void Write(LogLevel level, std::string_view message, Fields fields);

  const LogLevel level_;
  const LogFormat format_;
  const Now now_;
  const Sink sink_;
  std::mutex mutex_;  // one line at a time into sink_
};

}  // namespace crannog
