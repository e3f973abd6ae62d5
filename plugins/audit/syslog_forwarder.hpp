#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "audit_message.hpp"
#include "event_log.hpp"
#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "syslog_connection.hpp"

namespace fermata::audit_trail {

/// Sends the events of the log to a syslog server, as DICOM audit messages, on a thread of its own.
///
/// It reads what it sends from the log, so nothing queues up in memory however long the server is away. Where it has
/// come to is kept in the state store: it goes on from there after a restart, and events that were on their way then
/// come twice. It begins with the events after its first start. **Ownership**: borrows log and store. **Errors**: none;
/// a server that is away is logged once and tried again, after up to a minute.
class SyslogForwarder {
 public:
  SyslogForwarder(const EventLog& log, StateStore& store, SyslogSettings settings, AuditSource source, Journal journal);
  ~SyslogForwarder() { stop(); }
  SyslogForwarder(const SyslogForwarder&) = delete;
  SyslogForwarder& operator=(const SyslogForwarder&) = delete;

  void start();
  void stop() noexcept;

 private:
  void work();
  void send_what_is_new();
  void let_go_of_closed_connection();
  uint64_t kept_position();
  void keep_position(uint64_t number);
  bool wait(std::chrono::milliseconds time);

  const EventLog& log_;
  StateStore& store_;
  const SyslogSettings settings_;
  const AuditSource source_;
  const Journal journal_;
  std::atomic<bool> stopping_{false};
  std::optional<uint64_t> position_;  ///< the number of the last one that was sent
  std::optional<SyslogConnection> connection_;

  std::mutex mutex_;
  std::condition_variable stopped_;
  std::thread thread_;
};

}  // namespace fermata::audit_trail
