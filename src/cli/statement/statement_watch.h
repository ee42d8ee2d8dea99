// Watches one running statement: hands Ctrl-C to it, and shows how far it is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "sql/connection.h"

namespace crannog::cli {

// Lives while the statement runs; the connection must outlive it. Between construction and
// destruction only progress() and Interrupt() of the connection are called, from its own thread.
class StatementWatch {
 public:
  // `bar`: draw on stderr once the statement has run for a second.
  StatementWatch(sql::Connection& connection, bool bar);
  ~StatementWatch();
  StatementWatch(const StatementWatch&) = delete;
  StatementWatch& operator=(const StatementWatch&) = delete;

  // Rows are about to be printed: the bar goes and stays away.
  void HideBar();
  // Whether Ctrl-C was handed to the statement.
  bool interrupted();

 private:
  using Clock = std::chrono::steady_clock;

  void Run();
  // REQUIRES: mutex_ is held, so that HideBar never meets a half-drawn line.
  void Draw(Clock::duration elapsed);

  sql::Connection* connection_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable ended_changed_;
  bool ended_ = false;
  bool bar_;
  bool drawn_ = false;
  bool interrupted_ = false;
  uint64_t tick_ = 0;
  std::thread thread_;
};

}  // namespace crannog::cli
