#pragma once
#include <avahi-client/lookup.h>
#include <avahi-common/watch.h>

#include <cstdint>
#include <map>
#include <string>

#include "announcement.hpp"
#include "fermata/journal.hpp"
#include "station_list.hpp"

namespace fermata::discovery {

/// What StationDirectory::problem says where the daemon lets nobody watch.
inline constexpr const char* kNoBrowsing =
    "the network can't be watched for stations, since avahi-daemon refuses to: its log says why (journalctl -u "
    "avahi-daemon)";

/// Watches for services of the type _dicom._tcp, and keeps the list of stations in step with them.
///
/// A resolver stays open for each service, so that changes are heard. One that gets no answer any more takes its
/// station off the list, and is tried again from time to time: the service may still be remembered by its name.
/// **Thread**: that of Avahi's events, or under its lock. **Ownership**: poll and client outlive what `start` began.
class Browser {
 public:
  /// `own_port`: what is heard of this port on an address of this machine is the archive itself.
  Browser(StationList& stations, uint16_t own_port, Journal journal);
  ~Browser() { stop(); }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  /// Does nothing where it has begun. False if it can't.
  bool start(AvahiClient& client, const AvahiPoll& poll);
  void stop();

 private:
  /// A service that the daemon knows by name, and who finds out where it is.
  struct Service {
    Browser* browser;
    std::string name, type, domain;
    AvahiIfIndex interface;
    AvahiProtocol protocol;
    AvahiServiceResolver* resolver = nullptr;  ///< none: there was no answer
    std::string key() const;
  };

  static void browsed(AvahiServiceBrowser*, AvahiIfIndex interface, AvahiProtocol protocol, AvahiBrowserEvent event,
                      const char* name, const char* type, const char* domain, AvahiLookupResultFlags flags, void* self);
  static void resolved(AvahiServiceResolver*, AvahiIfIndex interface, AvahiProtocol protocol, AvahiResolverEvent event,
                       const char* name, const char* type, const char* domain, const char* host,
                       const AvahiAddress* address, uint16_t port, AvahiStringList* txt, AvahiLookupResultFlags flags,
                       void* service);
  static void retry(AvahiTimeout* timeout, void* self);
  void appeared(const Service& service);
  void resolve(Service& service);
  void found(const Service& service, const Announcement& announcement);
  void gone(const std::string& key);

  StationList& stations_;
  const uint16_t own_port_;
  const Journal journal_;
  AvahiClient* client_ = nullptr;
  const AvahiPoll* poll_ = nullptr;
  AvahiServiceBrowser* browser_ = nullptr;
  AvahiTimeout* retry_ = nullptr;
  std::map<std::string, Service> services_;  ///< by their keys
};

}  // namespace fermata::discovery
