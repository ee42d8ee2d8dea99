#include "cli/statement/line_editor.h"

#include <fmt/format.h>
#include <histedit.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace crannog::cli {
namespace {

constexpr int kHistoryEntries = 5000;
constexpr size_t kListedCandidates = 60;

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '$' || byte >= 0x80;
}

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool StartsWithIgnoringCase(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

}  // namespace

struct LineEditor::State {
  EditLine* edit = nullptr;
  History* history = nullptr;
  std::string history_path;
  Completer completer;
  std::string prompt;
  bool cancelled = false;

  static State& Of(EditLine* edit) {
    void* data = nullptr;
    el_get(edit, EL_CLIENTDATA, &data);
    return *static_cast<State*>(data);
  }
  static char* Prompt(EditLine* edit) { return Of(edit).prompt.data(); }

  static unsigned char OnCancel(EditLine* edit, int) {
    Of(edit).cancelled = true;
    std::fputs("^C\n", stdout);
    return CC_NEWLINE;
  }

  static unsigned char OnComplete(EditLine* edit, int) {
    State& state = Of(edit);
    const LineInfo* info = el_line(edit);
    const std::string before(info->buffer, info->cursor);
    const Completion found = Complete(before, state.completer(before));
    if (found.erase > 0) el_deletestr(edit, static_cast<int>(found.erase));
    if (!found.insert.empty()) el_insertstr(edit, found.insert.c_str());
    if (found.candidates.size() < 2) return found.insert.empty() ? CC_REFRESH_BEEP : CC_REFRESH;
    std::fputc('\n', stdout);
    for (size_t i = 0; i < found.candidates.size() && i < kListedCandidates; ++i) {
      fmt::print("{}{}", i == 0 ? "" : "  ", found.candidates[i]);
    }
    if (found.candidates.size() > kListedCandidates) fmt::print("  …");
    std::fputc('\n', stdout);
    return CC_REDISPLAY;
  }
};

Completion Complete(std::string_view before_cursor, const std::vector<std::string>& words) {
  size_t start = before_cursor.size();
  while (start > 0 && IsWordByte(before_cursor[start - 1])) --start;
  const std::string_view partial = before_cursor.substr(start);
  Completion out;
  for (const std::string& word : words) {
    if (StartsWithIgnoringCase(word, partial)) out.candidates.push_back(word);
  }
  std::sort(out.candidates.begin(), out.candidates.end());
  out.candidates.erase(std::unique(out.candidates.begin(), out.candidates.end()),
                       out.candidates.end());
  if (out.candidates.empty()) return out;
  std::string shared = out.candidates.front();
  for (const std::string& word : out.candidates) {
    size_t same = 0;
    while (same < shared.size() && same < word.size() && shared[same] == word[same]) ++same;
    shared.resize(same);
  }
  if (out.candidates.size() == 1) {
    out.erase = partial.size();
    out.insert = shared;
    if (!shared.ends_with('.') && !shared.ends_with(' ')) out.insert += ' ';
    out.candidates.clear();
  } else if (shared.size() > partial.size()) {
    out.erase = partial.size();
    out.insert = shared;
    out.candidates.clear();
  }
  return out;
}

LineEditor::LineEditor(std::string history_path, Completer completer)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.history_path = std::move(history_path);
  state.completer = std::move(completer);
  state.edit = el_init("crannog", stdin, stdout, stderr);
  el_set(state.edit, EL_CLIENTDATA, &state);
  el_set(state.edit, EL_PROMPT, &State::Prompt);
  el_set(state.edit, EL_EDITOR, "emacs");
  el_set(state.edit, EL_SIGNAL, 1);
  // Ctrl-C is a key while a line is edited: no signal has to find its way through the editor.
  el_set(state.edit, EL_SETTY, "-d", "-isig", nullptr);
  el_set(state.edit, EL_ADDFN, "crannog-cancel", "Drops the statement", &State::OnCancel);
  el_set(state.edit, EL_ADDFN, "crannog-complete", "Completes a word", &State::OnComplete);
  el_set(state.edit, EL_BIND, "^C", "crannog-cancel", nullptr);
  el_set(state.edit, EL_BIND, "\t", "crannog-complete", nullptr);
  el_set(state.edit, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  state.history = history_init();
  HistEvent event{};
  history(state.history, &event, H_SETSIZE, kHistoryEntries);
  history(state.history, &event, H_SETUNIQUE, 1);
  if (!state.history_path.empty()) {
    history(state.history, &event, H_LOAD, state.history_path.c_str());
  }
  el_set(state.edit, EL_HIST, history, state.history);
}

LineEditor::~LineEditor() {
  el_end(state_->edit);
  history_end(state_->history);
}

LineEditor::Outcome LineEditor::Read(const std::string& prompt, std::string& line) {
  state_->prompt = prompt;
  state_->cancelled = false;
  int count = 0;
  const char* read = el_gets(state_->edit, &count);
  line.clear();
  if (state_->cancelled) return Outcome::kCancelled;
  if (read == nullptr || count <= 0) return Outcome::kEnd;
  line.assign(read, static_cast<size_t>(count));
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
  return Outcome::kLine;
}

void LineEditor::Remember(const std::string& entry) {
  HistEvent event{};
  history(state_->history, &event, H_ENTER, entry.c_str());
  if (state_->history_path.empty()) return;
  // Statements may hold secrets: the file is its owner's alone from the moment it is made.
  const mode_t before = ::umask(077);
  history(state_->history, &event, H_SAVE, state_->history_path.c_str());
  ::umask(before);
}

std::string DefaultHistoryPath() {
  std::filesystem::path folder;
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  if (state != nullptr && *state == '/') {
    folder = state;
  } else if (home != nullptr && *home == '/') {
    folder = std::filesystem::path(home) / ".local" / "state";
  } else {
    return {};
  }
  folder /= "crannog";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return error ? std::string() : (folder / "history").string();
}

}  // namespace crannog::cli
