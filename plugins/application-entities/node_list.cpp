#include "node_list.hpp"

#include <charconv>

#include "ae_title.hpp"
#include "fermata/error.hpp"

namespace fermata::application_entities {
namespace {

[[noreturn]] void complain(std::string_view entry) {
  throw Error(Code::invalid, "\"" + printable(entry, 300) +
                                 "\" is not a node: write TITLE@host:port, such as HOROS@192.168.0.12:11112, and an "
                                 "IPv6 address in brackets");
}

uint16_t parse_port(std::string_view text, std::string_view entry) {
  unsigned port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc() || end != text.data() + text.size() || port == 0 || port > UINT16_MAX) complain(entry);
  return static_cast<uint16_t>(port);
}

/// The place where the host ends: behind the bracket of an IPv6 address, or before the port's colon.
std::size_t end_of_host(std::string_view endpoint, std::string_view entry) {
  if (!endpoint.starts_with('[')) return std::min(endpoint.find(':'), endpoint.size());
  const auto bracket = endpoint.find(']');
  if (bracket == std::string_view::npos) complain(entry);
  return bracket + 1;
}

Node parse_node(std::string_view entry) {
  // An AE title may contain '@', a host can't: the last one separates.
  const auto at = entry.rfind('@');
  if (at == std::string_view::npos) complain(entry);
  const auto endpoint = entry.substr(at + 1);
  const auto host_end = end_of_host(endpoint, entry);
  auto host = endpoint.substr(0, host_end);
  const auto rest = endpoint.substr(host_end);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!rest.empty() && rest.front() != ':')) complain(entry);

  Node node;
  node.ae_title = entry.substr(0, at);
  node.host = host;
  if (!rest.empty()) node.port = parse_port(rest.substr(1), entry);
  return checked(std::move(node));
}

}  // namespace

std::vector<Node> parse_node_list(std::string_view text) {
  std::vector<Node> nodes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto entry = trimmed_ae_title(text.substr(begin, end - begin));
    if (!entry.empty()) nodes.push_back(parse_node(entry));
    begin = end + 1;
  }
  return nodes;
}

}  // namespace fermata::application_entities
