#pragma once
#include <avahi-client/client.h>
#include <avahi-common/thread-watch.h>

#include <memory>
#include <optional>

#include "browser.hpp"
#include "fermata/journal.hpp"
#include "own_service.hpp"
#include "publisher.hpp"
#include "station_list.hpp"

namespace fermata::discovery {

/// The connection to the Avahi daemon, over D-Bus, and what is done through it: the archive is announced, and stations
/// are watched, whenever the daemon is there. Without it everything else goes on, and it is tried again.
///
/// **Thread**: `start`, `withdraw` and `stop` from the plugin's; Avahi's events have a thread of their own.
/// **Ownership**: the stations outlive it. **Errors**: none; what is wrong becomes the list's problem and a line in the
/// log, once.
class AvahiConnection {
 public:
  struct Tasks {
    bool publish = true;
    bool browse = true;
  };
  AvahiConnection(StationList& stations, const OwnService& service, Tasks tasks, Journal journal);
  ~AvahiConnection() { stop(); }
  AvahiConnection(const AvahiConnection&) = delete;
  AvahiConnection& operator=(const AvahiConnection&) = delete;

  void start();
  /// Says goodbye, and does not publish again; stations are still watched.
  void withdraw();
  void stop() noexcept;

 private:
  static void changed(AvahiClient* client, AvahiClientState state, void* self);
  static void connect(AvahiTimeout* timeout, void* self);
  void disconnect();
  void connect_in(unsigned milliseconds);
  void running(AvahiClient& client);
  void report(const char* problem);

  StationList& stations_;
  const Journal journal_;
  std::optional<Publisher> publisher_;
  std::optional<Browser> browser_;
  AvahiThreadedPoll* poll_ = nullptr;
  AvahiTimeout* timeout_ = nullptr;
  AvahiClient* client_ = nullptr;
  const char* reported_ = "";
};

}  // namespace fermata::discovery
