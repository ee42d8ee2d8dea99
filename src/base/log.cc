#include "base/log.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "base/iso_time.h"

namespace crannog {
namespace {

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    case LogLevel::kError:
      return "error";
    case LogLevel::kOff:
      break;
  }
  return "off";
}

void AppendQuoted(std::string& line, std::string_view text) {
  line.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
        line += "\\\"";
        break;
      case '\\':
        line += "\\\\";
        break;
      case '\n':
        line += "\\n";
        break;
      case '\r':
        line += "\\r";
        break;
      case '\t':
        line += "\\t";
        break;
      default:
        if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) {
          fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<uint8_t>(c));
        } else {
          line.push_back(c);
        }
    }
  }
  line.push_back('"');
}

bool NeedsQuotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text) {
    if (static_cast<uint8_t>(c) <= 0x20 || c == '"' || c == '=' || c == 0x7f) return true;
  }
  return false;
}

std::string JsonLine(const std::string& time, LogLevel level, std::string_view message,
                     Logger::Fields fields) {
  std::string line =
      fmt::format(R"({{"time":"{}","level":"{}","message":)", time, LevelName(level));
  AppendQuoted(line, message);
  for (const LogField& field : fields) {
    line.push_back(',');
    AppendQuoted(line, field.name);
    line.push_back(':');
    if (field.quoted) {
      AppendQuoted(line, field.value);
    } else {
      line += field.value;
    }
  }
  line += "}\n";
  return line;
}

std::string TextLine(const std::string& time, LogLevel level, std::string_view message,
                     Logger::Fields fields) {
  std::string line = fmt::format("{} {:5} ", time, LevelName(level));
  // A line break in a message must not look like a second line of the log.
  for (const char c : message) line.push_back(static_cast<uint8_t>(c) < 0x20 ? ' ' : c);
  for (const LogField& field : fields) {
    line.push_back(' ');
    line += field.name;
    line.push_back('=');
    if (field.quoted && NeedsQuotes(field.value)) {
      AppendQuoted(line, field.value);
    } else {
      line += field.value;
    }
  }
  line.push_back('\n');
  return line;
}

int64_t SystemMicros() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

void WriteToStderr(std::string_view line) { fwrite(line.data(), 1, line.size(), stderr); }

}  // namespace

Logger::Logger(Options options)
    : level_(options.level),
      format_(options.format),
      now_(options.now ? std::move(options.now) : SystemMicros),
      sink_(options.sink ? std::move(options.sink) : WriteToStderr) {}

void Logger::Write(LogLevel level, std::string_view message, Fields fields) {
  if (!Enabled(level)) return;
  const std::string time = FormatIsoMicros(now_());
  const std::string line = format_ == LogFormat::kJson ? JsonLine(time, level, message, fields)
                                                       : TextLine(time, level, message, fields);
  const std::lock_guard lock(mutex_);
  sink_(line);
}

}  // namespace crannog
