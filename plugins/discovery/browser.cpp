#include "browser.hpp"

#include <avahi-common/address.h>
#include <avahi-common/error.h>
#include <avahi-common/timeval.h>
#include <net/if.h>

#include <array>
#include <utility>

#include "clean_text.hpp"
#include "own_service.hpp"

namespace fermata::discovery {
namespace {

constexpr std::size_t kMostServices = 500;  // the daemon allows 1024 objects to a client
constexpr unsigned kRetryMilliseconds = 60'000;

std::string text_of(const AvahiAddress& address) {
  std::array<char, AVAHI_ADDRESS_STR_MAX> text{};
  return avahi_address_snprint(text.data(), text.size(), &address);
}

std::string zone_of(AvahiIfIndex interface) {
  std::array<char, IF_NAMESIZE> name{};
  if (interface < 0 || ::if_indextoname(static_cast<unsigned>(interface), name.data()) == nullptr) return {};
  return name.data();
}

std::vector<std::string> entries_of(AvahiStringList* list) {
  std::vector<std::string> entries;
  for (; list != nullptr; list = avahi_string_list_get_next(list))
    entries.emplace_back(reinterpret_cast<const char*>(avahi_string_list_get_text(list)),
                         avahi_string_list_get_size(list));
  return entries;
}

}  // namespace

std::string Browser::Service::key() const {
  return std::to_string(interface) + '/' + std::to_string(protocol) + '/' + domain + '/' + name;
}

Browser::Browser(StationList& stations, uint16_t own_port, Journal journal)
    : stations_(stations), own_port_(own_port), journal_(std::move(journal)) {}

bool Browser::start(AvahiClient& client, const AvahiPoll& poll) {
  if (browser_ != nullptr) return true;
  client_ = &client;
  poll_ = &poll;
  browser_ = avahi_service_browser_new(&client, AVAHI_IF_UNSPEC, AVAHI_PROTO_UNSPEC, kServiceType, nullptr,
                                       AvahiLookupFlags{}, browsed, this);
  if (browser_ == nullptr) return false;
  timeval when{};
  retry_ = poll.timeout_new(&poll, avahi_elapse_time(&when, kRetryMilliseconds, 0), retry, this);
  return true;
}

void Browser::stop() {
  for (const auto& [key, service] : services_)
    if (service.resolver != nullptr) avahi_service_resolver_free(service.resolver);
  services_.clear();
  stations_.clear();
  if (browser_ != nullptr) avahi_service_browser_free(std::exchange(browser_, nullptr));
  if (retry_ != nullptr) poll_->timeout_free(std::exchange(retry_, nullptr));
}

void Browser::browsed(AvahiServiceBrowser*, AvahiIfIndex interface, AvahiProtocol protocol, AvahiBrowserEvent event,
                      const char* name, const char* type, const char* domain, AvahiLookupResultFlags, void* self) {
  auto& browser = *static_cast<Browser*>(self);
  if (event == AVAHI_BROWSER_FAILURE) browser.stations_.set_problem(kNoBrowsing);
  if (event != AVAHI_BROWSER_NEW && event != AVAHI_BROWSER_REMOVE) return;
  const Service service{&browser, name, type, domain, interface, protocol};
  if (event == AVAHI_BROWSER_NEW)
    browser.appeared(service);
  else
    browser.gone(service.key());
}

void Browser::appeared(const Service& service) {
  if (services_.size() >= kMostServices) return;
  const auto [place, is_new] = services_.try_emplace(service.key(), service);
  if (is_new) resolve(place->second);
}

/// Over each protocol for an address of its own: what is heard by IPv4 is asked for its IPv4 address.
void Browser::resolve(Service& service) {
  service.resolver = avahi_service_resolver_new(client_, service.interface, service.protocol, service.name.c_str(),
                                                service.type.c_str(), service.domain.c_str(), service.protocol,
                                                AvahiLookupFlags{}, resolved, &service);
}

void Browser::resolved(AvahiServiceResolver* resolver, AvahiIfIndex interface, AvahiProtocol, AvahiResolverEvent event,
                       const char* name, const char*, const char*, const char* host, const AvahiAddress* address,
                       uint16_t port, AvahiStringList* txt, AvahiLookupResultFlags, void* kept) {
  auto& service = *static_cast<Service*>(kept);
  auto& browser = *service.browser;
  if (event == AVAHI_RESOLVER_FOUND) {
    browser.found(service, {name, host, text_of(*address), zone_of(interface), port, entries_of(txt)});
    return;
  }
  avahi_service_resolver_free(resolver);
  service.resolver = nullptr;
  if (browser.stations_.remove(service.key()))
    browser.journal_.log(LogLevel::info, "a station does not answer on the local network any more",
                         {{"name", clean_text(service.name, 63)}});
}

void Browser::found(const Service& service, const Announcement& announcement) {
  const auto station = station_from(announcement);
  if (!station || is_own(*station, own_port_, own_addresses())) {
    stations_.remove(service.key());
    return;
  }
  if (stations_.put(service.key(), *station))
    journal_.log(
        LogLevel::info, "a station is on the local network",
        {{"ae_title", station->ae_title}, {"address", station->address}, {"port", std::to_string(station->port)}});
}

void Browser::gone(const std::string& key) {
  const auto service = services_.find(key);
  if (service == services_.end()) return;
  if (service->second.resolver != nullptr) avahi_service_resolver_free(service->second.resolver);
  if (stations_.remove(key))
    journal_.log(LogLevel::info, "a station left the local network", {{"name", clean_text(service->second.name, 63)}});
  services_.erase(service);
}

void Browser::retry(AvahiTimeout* timeout, void* self) {
  auto& browser = *static_cast<Browser*>(self);
  for (auto& [key, service] : browser.services_)
    if (service.resolver == nullptr) browser.resolve(service);
  timeval when{};
  browser.poll_->timeout_update(timeout, avahi_elapse_time(&when, kRetryMilliseconds, 0));
}

}  // namespace fermata::discovery
