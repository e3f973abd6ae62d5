#include "syslog_forwarder.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <utility>

#include "event_document.hpp"
#include "fermata/error.hpp"
#include "syslog_frame.hpp"

namespace fermata::audit_trail {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

constexpr std::string_view kCollection = "audit.state";
constexpr std::string_view kDocument = "syslog";
constexpr int64_t kFormat = 1;
constexpr milliseconds kLook{500};
constexpr milliseconds kLongestPause{60'000};

}  // namespace

SyslogForwarder::SyslogForwarder(const EventLog& log, StateStore& store, SyslogSettings settings, AuditSource source,
                                 Journal journal)
    : log_(log),
      store_(store),
      settings_(std::move(settings)),
      source_(std::move(source)),
      journal_(std::move(journal)) {}

void SyslogForwarder::start() {
  thread_ = std::thread([this] { work(); });
}

void SyslogForwarder::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool SyslogForwarder::wait(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, time, [this] { return stopping_.load(); });
}

void SyslogForwarder::work() {
  auto pause = kLook;
  bool failing = false;
  do {
    try {
      send_what_is_new();
      if (std::exchange(failing, false)) journal_.log(LogLevel::info, "the syslog server takes audit events again", {});
      pause = kLook;
    } catch (const std::exception& error) {
      connection_.reset();
      if (stopping_) return;
      if (!std::exchange(failing, true))
        journal_.log(LogLevel::error,
                     std::string("audit events can't be sent now, and will be once they can: ") + error.what(), {});
      pause = std::min(pause * 2, kLongestPause);
    }
  } while (wait(pause));
}

void SyslogForwarder::send_what_is_new() {
  if (!position_) position_ = kept_position();
  while (log_.last() > *position_) {
    if (!connection_) connection_.emplace(settings_, stopping_);
    auto last = *position_;
    std::size_t count = 0;
    log_.visit_from(*position_ + 1, [&](const RecordedEvent& event) {
      connection_->send(syslog_frame(audit_message(event, source_), event.time_us, source_.host));
      last = event.number;
      return ++count < kMostEventsOfDocument;
    });
    connection_->check();
    if (count == 0) last = log_.last();  // nothing of it can be read
    keep_position(last);
    journal_.count("sent_events_total", count);
  }
  let_go_of_closed_connection();
}

/// Some servers close what is idle: that is no trouble as long as there is nothing to send.
void SyslogForwarder::let_go_of_closed_connection() {
  try {
    if (connection_) connection_->check();
  } catch (const Error&) {
    connection_.reset();
  }
}

uint64_t SyslogForwarder::kept_position() {
  const auto cursor = store_.list(kCollection, kDocument);
  Document document;
  if (cursor->next(document) && document.id == kDocument) {
    const auto& content = document.content;
    const auto kept = json::parse({reinterpret_cast<const char*>(content.data()), content.size()});
    if (kept.at("format").to_number<int64_t>() == kFormat) return kept.at("sent").to_number<uint64_t>();
    throw Error(Code::unsupported, "where sending audit events had come to was written by a newer version");
  }
  const auto now = log_.last();
  keep_position(now);
  return now;
}

void SyslogForwarder::keep_position(uint64_t number) {
  const auto text = json::serialize(json::object{{"format", kFormat}, {"sent", number}});
  store_.put(kCollection, kDocument, std::as_bytes(std::span(text)), StateStore::kAny);
  position_ = number;
}

}  // namespace fermata::audit_trail
