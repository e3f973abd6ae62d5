#include "node_list_page.hpp"

#include <charconv>
#include <span>
#include <string_view>
#include <utility>

#include "property_list.hpp"

namespace fermata::discovery {
namespace {

// Values of a node's keys in those viewers.
constexpr int64_t kRetrievesWithMove = 0;
constexpr int64_t kRetrievesWithGet = 1;
constexpr int64_t kExplicitLittleEndian = 0;
constexpr int64_t kAsStored = -1;

/// "https://[::1]:8443/pacs" in parts.
struct Origin {
  bool https = false;
  std::string host;
  int64_t port = 80;
  std::string path;  ///< with a "/" in front, or empty
};

Origin origin_of(std::string_view url) {
  Origin origin;
  origin.https = url.starts_with("https://");
  origin.port = origin.https ? 443 : 80;
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  auto authority = url.substr(0, url.find('/'));
  origin.path = url.substr(authority.size());
  const auto colon = authority.rfind(':');
  if (colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos) {
    std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), origin.port);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  origin.host = authority;
  return origin;
}

void add_node(PropertyList& list, std::string_view address, uint16_t port, std::string_view ae_title,
              std::string_view description, int64_t retrieve_mode) {
  list.add("Activated", true);
  list.add("Address", address);
  list.add("AETitle", ae_title);
  list.add("Port", std::to_string(port));
  list.add("Description", description.empty() ? ae_title : description);
  list.add("QR", true);
  list.add("Send", true);
  list.add("retrieveMode", retrieve_mode);
  list.add("TransferSyntax", kExplicitLittleEndian);
}

void add_wado(PropertyList& list, const Origin& origin, const std::string& path) {
  list.add("WADOPort", origin.port);
  list.add("WADOUrl", (origin.path + path).substr(1));
  list.add("WADOhttps", int64_t{origin.https ? 1 : 0});
  list.add("WADOTransferSyntax", kAsStored);
}

void add_tls(PropertyList& list, bool tls) {
  list.add("TLSEnabled", tls);
  list.add("TLSAuthenticated", false);
}

void add_others(PropertyList& list, ApplicationEntities& nodes, std::string_view own_title) {
  const auto cursor = nodes.list();
  for (ApplicationEntity node; cursor->next(node);) {
    if (node.host.empty() || node.ae_title == own_title) continue;
    list.begin();
    add_node(list, node.host, node.port, node.ae_title, node.description, kRetrievesWithMove);
    add_tls(list, node.tls);
    list.end();
  }
}

}  // namespace

NodeListPage::NodeListPage(OwnService service, std::string wado_uri, ApplicationEntities* nodes)
    : service_(std::move(service)), wado_uri_(std::move(wado_uri)), nodes_(nodes) {}

void NodeListPage::handle(HttpRequest& request, HttpResponse& response) {
  const auto origin = origin_of(request.base_url());
  PropertyList list;
  list.begin();
  add_node(list, origin.host, service_.port, service_.ae_title, service_.description, kRetrievesWithGet);
  if (!wado_uri_.empty()) add_wado(list, origin, wado_uri_);
  add_tls(list, false);
  list.end();
  if (nodes_ != nullptr) add_others(list, *nodes_, service_.ae_title);
  const auto xml = std::move(list).finished();
  response.header("Content-Type", "application/xml; charset=utf-8");
  response.header("Content-Disposition", "attachment; filename=\"DICOMNodes.plist\"");
  response.header("Cache-Control", "no-cache");
  response.write(std::as_bytes(std::span(xml)));
}

}  // namespace fermata::discovery
