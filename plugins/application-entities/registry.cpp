#include "registry.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ae_title.hpp"
#include "fermata/timestamp.hpp"
#include "node_cursor.hpp"
#include "refused_cursor.hpp"

namespace fermata::application_entities {
namespace {

/// The node that a trusted caller is, as far as can be told: at its own address, on the port viewers listen on.
Node made_up_node(std::string_view title, const IpAddress& address, const Settings& settings) {
  Node node;
  node.ae_title = title;
  node.host = address.text();
  node.port = settings.answer_callers_on_port;
  node.rights = settings.trusted_rights;
  node.origin = kFromCaller;
  return node;
}

/// What is known of a node without a host stays; one that is not known at all has no rights.
Node placed(Node node, const AnnouncedPlaces::Place& place) {
  node.host = place.host;
  node.port = place.port;
  node.origin = kFromDiscovery;
  return node;
}

std::unique_ptr<ApplicationEntityCursor> none_or_one(std::optional<Node> node) {
  return cursor_over(node ? std::vector<Node>{std::move(*node)} : std::vector<Node>{});
}

}  // namespace

Registry::Registry(const Settings& settings, NodeDirectory& directory, HostAddresses& addresses,
                   RefusedCallers& refused)
    : settings_(settings), directory_(directory), addresses_(addresses), refused_(refused) {
  watch_hosts();
}

Admission Registry::admit(const Caller& caller) {
  const auto nodes = directory_.nodes();
  const auto it = nodes->find(trimmed_ae_title(caller.calling_ae_title));
  if (it == nodes->end()) return admit_stranger(caller, Admission::Verdict::unknown_ae_title);
  const auto& node = it->second;
  if (node.tls && !caller.tls) return not_admitted(Admission::Verdict::tls_required);
  if (!node.certificate.empty() && node.certificate != caller.certificate_fingerprint &&
      node.certificate != caller.certificate_subject)
    return not_admitted(Admission::Verdict::certificate_required);
  if (!calls_from_its_address(node, caller)) return admit_stranger(caller, Admission::Verdict::wrong_address);
  if (node.user_required && caller.user.empty()) return not_admitted(Admission::Verdict::user_required);
  last_admissions_.note(node.ae_title, now_us());
  return {Admission::Verdict::admitted, node.rights};
}

bool Registry::calls_from_its_address(const Node& node, const Caller& caller) {
  if (node.any_address) return true;
  const auto address = IpAddress::parse(caller.address);
  return address && addresses_.has(node.host, *address);
}

Admission Registry::admit_stranger(const Caller& caller, Admission::Verdict otherwise) const {
  const auto address = IpAddress::parse(caller.address);
  if (address && is_trusted(*address)) return {Admission::Verdict::admitted, settings_.trusted_rights};
  return not_admitted(otherwise);
}

Admission Registry::not_admitted(Admission::Verdict why) const {
  return {why, settings_.unknown_may_echo ? kMayEcho : Rights{0}};
}

bool Registry::is_trusted(const IpAddress& address) const {
  return std::any_of(settings_.trusted_networks.begin(), settings_.trusted_networks.end(),
                     [&](const IpNetwork& network) { return network.contains(address); });
}

std::unique_ptr<ApplicationEntityCursor> Registry::resolve(std::string_view ae_title, const Caller& caller) {
  const auto title = trimmed_ae_title(ae_title);
  const auto nodes = directory_.nodes();
  const auto it = nodes->find(title);
  if (it != nodes->end() && !it->second.host.empty()) return none_or_one(it->second);
  Node known;
  known.ae_title = title;
  known.rights = 0;
  if (it != nodes->end()) known = it->second;

  const auto announced = this->announced(title);
  const auto address = IpAddress::parse(caller.address);
  if (address && title == trimmed_ae_title(caller.calling_ae_title)) {
    // It is where it calls from; somebody else may claim its title.
    if (const auto place = announced.at(*address)) return none_or_one(placed(known, *place));
    if (may_be_answered(title, *address)) return none_or_one(made_up_node(title, *address, settings_));
  }
  if (const auto place = announced.only()) return none_or_one(placed(known, *place));
  return none_or_one({});
}

AnnouncedPlaces Registry::announced(std::string_view title) const {
  auto* stations = stations_.load();
  if (stations == nullptr || !settings_.resolve_discovered || title.empty()) return {};
  return {*stations, title, settings_.discovered_networks};
}

bool Registry::may_be_answered(std::string_view title, const IpAddress& address) const {
  return settings_.answer_callers_on_port != 0 && !title.empty() && is_trusted(address);
}

std::unique_ptr<ApplicationEntityCursor> Registry::list() {
  const auto nodes = directory_.nodes();
  std::vector<Node> all;
  all.reserve(nodes->size());
  for (const auto& [title, node] : *nodes) {
    all.push_back(node);
    all.back().last_seen_us = last_admissions_.of(title);
  }
  return cursor_over(std::move(all));
}

void Registry::put(const ApplicationEntity& entity) {
  directory_.put(to_node(entity));
  watch_hosts();
}

void Registry::remove(std::string_view ae_title) {
  directory_.remove(ae_title);
  last_admissions_.forget(trimmed_ae_title(ae_title));
  watch_hosts();
}

void Registry::watch_hosts() {
  std::set<std::string> hosts;
  const auto nodes = directory_.nodes();
  for (const auto& [title, node] : *nodes) hosts.insert(node.host);
  addresses_.watch(hosts);
}

void Registry::remember_refused(const Caller& caller, std::string_view wanted, std::string_view reason) {
  refused_.remember(caller, wanted, reason, now_us());
}

std::unique_ptr<RefusedCallerCursor> Registry::refused() { return cursor_over(refused_.all()); }

void Registry::forget_refused(std::string_view calling_ae_title, std::string_view address) {
  refused_.forget(calling_ae_title, address);
}

}  // namespace fermata::application_entities
