#include "cli/statement/statement_watch.h"

#include <fmt/format.h>

#include <cstdio>

#include "cli/output/interrupt.h"
#include "cli/output/progress.h"

namespace crannog::cli {
namespace {

constexpr auto kPoll = std::chrono::milliseconds(50);  // half of the 100 ms cancelling may take
constexpr auto kQuietFor = std::chrono::seconds(1);
constexpr size_t kBarWidth = 40;

}  // namespace

StatementWatch::StatementWatch(sql::Connection& connection, bool bar)
    : connection_(&connection), bar_(bar) {
  thread_ = std::thread([this] { Run(); });
}

StatementWatch::~StatementWatch() {
  HideBar();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ended_changed_.notify_one();
  thread_.join();
}

void StatementWatch::HideBar() {
  const std::lock_guard lock(mutex_);
  bar_ = false;
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

bool StatementWatch::interrupted() {
  const std::lock_guard lock(mutex_);
  return interrupted_;
}

void StatementWatch::Run() {
  const auto start = Clock::now();
  std::unique_lock lock(mutex_);
  while (!ended_changed_.wait_for(lock, kPoll, [this] { return ended_; })) {
    if (TakeInterrupt()) {
      interrupted_ = true;
      connection_->Interrupt();
    }
    const auto elapsed = Clock::now() - start;
    if (bar_ && elapsed > kQuietFor) Draw(elapsed);
  }
}

void StatementWatch::Draw(Clock::duration elapsed) {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  fmt::print(stderr, "\r\x1b[K{}  {}  Ctrl-C stops it",
             Bar(connection_->progress(), tick_++, kBarWidth), Duration(seconds));
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace crannog::cli
