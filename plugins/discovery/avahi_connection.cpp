#include "avahi_connection.hpp"

#include <avahi-common/error.h>
#include <avahi-common/timeval.h>

#include <string_view>
#include <utility>

namespace fermata::discovery {
namespace {

constexpr unsigned kRetryMilliseconds = 10'000;
constexpr unsigned kAtOnce = 0;

// Kept by StationList without a copy.
constexpr const char* kNoBus =
    "the archive and the stations of the local network can't find each other, since the D-Bus system bus does not "
    "answer: install and start avahi-daemon, which brings it along: apt-get install avahi-daemon";
constexpr const char* kNoDaemon =
    "the archive and the stations of the local network can't find each other, since avahi-daemon is not running: "
    "install and start it: apt-get install avahi-daemon";
constexpr const char* kSwitchedOff =
    "the network is not watched for stations, since the configuration of discovery has browse: false";

}  // namespace

AvahiConnection::AvahiConnection(StationList& stations, const OwnService& service, Tasks tasks, Journal journal)
    : stations_(stations), journal_(std::move(journal)) {
  if (tasks.publish) publisher_.emplace(service, journal_);
  if (tasks.browse) browser_.emplace(stations, service.port, journal_);
  if (!tasks.browse) stations_.set_problem(kSwitchedOff);
}

void AvahiConnection::start() {
  if (!publisher_ && !browser_) return;
  poll_ = avahi_threaded_poll_new();
  if (poll_ == nullptr) throw Error(Code::unavailable, "no event loop for Avahi can be made");
  // The first attempt is an event too: whoever waits for D-Bus is not the host.
  const auto* api = avahi_threaded_poll_get(poll_);
  timeval now{};
  timeout_ = api->timeout_new(api, avahi_elapse_time(&now, kAtOnce, 0), connect, this);
  avahi_threaded_poll_start(poll_);
}

void AvahiConnection::withdraw() {
  if (poll_ == nullptr) return;
  avahi_threaded_poll_lock(poll_);
  publisher_.reset();
  avahi_threaded_poll_unlock(poll_);
}

void AvahiConnection::stop() noexcept {
  if (poll_ == nullptr) return;
  avahi_threaded_poll_stop(poll_);
  disconnect();
  avahi_threaded_poll_free(std::exchange(poll_, nullptr));
}

void AvahiConnection::disconnect() {
  if (publisher_) publisher_->withdraw();
  if (browser_) browser_->stop();
  if (client_ != nullptr) avahi_client_free(std::exchange(client_, nullptr));
}

void AvahiConnection::connect_in(unsigned milliseconds) {
  timeval when{};
  avahi_threaded_poll_get(poll_)->timeout_update(timeout_, avahi_elapse_time(&when, milliseconds, 0));
}

void AvahiConnection::connect(AvahiTimeout*, void* self) {
  auto& connection = *static_cast<AvahiConnection*>(self);
  connection.disconnect();
  int error = AVAHI_OK;
  connection.client_ =
      avahi_client_new(avahi_threaded_poll_get(connection.poll_), AVAHI_CLIENT_NO_FAIL, changed, self, &error);
  if (connection.client_ != nullptr) return;
  connection.report(error == AVAHI_ERR_NO_DAEMON ? kNoDaemon : kNoBus);
  connection.connect_in(kRetryMilliseconds);
}

void AvahiConnection::changed(AvahiClient* client, AvahiClientState state, void* self) {
  auto& connection = *static_cast<AvahiConnection*>(self);
  switch (state) {
    case AVAHI_CLIENT_S_RUNNING:
      connection.running(*client);
      break;
    case AVAHI_CLIENT_S_REGISTERING:  // the machine's name is about to change: it is published again afterwards
    case AVAHI_CLIENT_S_COLLISION:
      if (connection.publisher_) connection.publisher_->withdraw();
      break;
    case AVAHI_CLIENT_CONNECTING:
      connection.report(kNoDaemon);
      break;
    case AVAHI_CLIENT_FAILURE:  // the client is of no use any more, but can't be freed from here
      connection.report(kNoDaemon);
      connection.connect_in(avahi_client_errno(client) == AVAHI_ERR_DISCONNECTED ? kAtOnce : kRetryMilliseconds);
      break;
  }
}

void AvahiConnection::running(AvahiClient& client) {
  if (publisher_) publisher_->publish(client);
  const bool watches = !browser_ || browser_->start(client, *avahi_threaded_poll_get(poll_));
  report(watches ? "" : kNoBrowsing);
}

void AvahiConnection::report(const char* problem) {
  if (browser_) stations_.set_problem(problem);
  if (std::string_view(problem) == reported_) return;
  reported_ = problem;
  if (*problem != '\0')
    journal_.log(LogLevel::warning, problem, {});
  else
    journal_.log(LogLevel::info, "connected with Avahi", {});
}

}  // namespace fermata::discovery
