#include "nodes/connection.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>

#include "fermata/ip_address.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

/// By these the services of plugin dicomweb are known, whatever its configuration calls them.
constexpr std::string_view kMetadata = "/studies/{study}/metadata";
constexpr std::string_view kWadoUri = "/wado";

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address->sa_family == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(address)->sin_addr, text.data(), text.size());
  if (address->sa_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (!IN6_IS_ADDR_LINKLOCAL(&v6)) inet_ntop(AF_INET6, &v6, text.data(), text.size());
  }
  return text.data();
}

}  // namespace

std::vector<std::string> own_addresses() {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(list, &freeifaddrs);
  std::vector<std::string> addresses;
  for (const auto* at = list; at != nullptr; at = at->ifa_next) {
    const bool usable = at->ifa_addr != nullptr && (at->ifa_flags & IFF_UP) != 0 && (at->ifa_flags & IFF_LOOPBACK) == 0;
    if (!usable) continue;
    auto text = text_of(at->ifa_addr);
    if (!text.empty()) addresses.push_back(std::move(text));
  }
  std::stable_partition(addresses.begin(), addresses.end(),
                        [](const std::string& address) { return address.find(':') == std::string::npos; });
  return addresses;
}

void Connection::add_to(api::Routes& routes) {
  routes.add("GET", "/api/connection", "nodes.read",
             {.summary = "What to type into the other side so that it reaches this archive", .group = "nodes"},
             [this](auto& request, auto& response) { answer(request, response); });
}

void Connection::answer(HttpRequest& request, HttpResponse& response) const {
  const std::string base(request.base_url());
  json::value dicomweb;
  json::value wado_uri;
  const auto cursor = router_.routes();
  for (HttpRoute route; cursor->next(route);) {
    if (route.method != "GET") continue;
    if (route.path.ends_with(kMetadata))
      dicomweb = base + std::string(route.path.substr(0, route.path.size() - kMetadata.size()));
    if (route.path == kWadoUri) wado_uri = base + std::string(route.path);
  }
  const auto addresses = own_addresses();
  answer_json(response, json::object{{"ae_title", own_.ae_title},
                                     {"port", own_.port},
                                     {"addresses", json::array(addresses.begin(), addresses.end())},
                                     {"base_url", base},
                                     {"dicomweb_url", std::move(dicomweb)},
                                     {"wado_uri", std::move(wado_uri)}});
}

}  // namespace fermata::admin
