// A line typed by a person: editing, history kept in a file, completion. libedit stays behind it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crannog::cli {

// Words that may stand where the last word of `before_cursor` stands.
using Completer = std::function<std::vector<std::string>(std::string_view before_cursor)>;

// What Tab does to a line.
struct Completion {
  size_t erase = 0;                     // bytes before the cursor that go
  std::string insert;                   // what comes instead
  std::vector<std::string> candidates;  // to list when nothing more is certain
};
Completion Complete(std::string_view before_cursor, const std::vector<std::string>& words);

// Not thread-safe. Needs a terminal on stdin and stdout.
class LineEditor {
 public:
  enum class Outcome { kLine, kCancelled, kEnd };

  // An empty `history_path` keeps the history in memory only. A history that cannot be read or
  // written is no reason not to work: it is left out silently.
  LineEditor(std::string history_path, Completer completer);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // kCancelled after Ctrl-C, kEnd after Ctrl-D on an empty line or when the terminal is gone.
  Outcome Read(const std::string& prompt, std::string& line);
  void Remember(const std::string& entry);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// $XDG_STATE_HOME/crannog/history or ~/.local/state/crannog/history, its folder made when absent;
// empty when there is no home.
std::string DefaultHistoryPath();

}  // namespace crannog::cli
