#include "node.hpp"

#include <algorithm>

#include "ae_title.hpp"
#include "certificate_name.hpp"
#include "fermata/error.hpp"
#include "transfer_syntax.hpp"

namespace fermata::application_entities {
namespace {

struct NamedRight {
  std::string_view name;
  Rights right;
};

constexpr NamedRight kRights[] = {
    {"echo", kMayEcho}, {"store", kMayStore}, {"query", kMayQuery}, {"retrieve", kMayRetrieve}};

constexpr std::size_t kLongestHost = 253;  // of a domain name, RFC 1035
constexpr std::size_t kLongestDescription = 256;

bool is_host_character(char c) {
  return c > 0x20 && c < 0x7f && c != '/' && c != '@' && c != ',' && c != '[' && c != ']';
}

void check_host(const Node& node) {
  if (node.host.empty() && !node.any_address)
    throw Error(Code::invalid,
                "the node " + node.ae_title +
                    " has no host, so nobody could ever call as it: give it a host, or any_address: true");
  if (node.host.size() > kLongestHost || !std::all_of(node.host.begin(), node.host.end(), is_host_character))
    throw Error(Code::invalid, "the node " + node.ae_title + " has a host that is neither a name nor an address: \"" +
                                   printable(node.host, kLongestHost) + "\"");
}

}  // namespace

Rights right_named(std::string_view name) {
  for (const auto& known : kRights)
    if (name == known.name) return known.right;
  throw Error(Code::invalid, "\"" + std::string(name) + "\" is not a right: choose among echo, store, query, retrieve");
}

std::string names_of(Rights rights) {
  std::string out;
  for (const auto& known : kRights) {
    if ((rights & known.right) == 0) continue;
    if (!out.empty()) out += ' ';
    out += known.name;
  }
  return out;
}

Node checked(Node node) {
  node.ae_title = checked_ae_title(node.ae_title);
  check_host(node);
  if (node.port == 0) throw Error(Code::invalid, "the node " + node.ae_title + " has port 0: give 1 to 65535");
  if ((node.rights & ~kMayEverything) != 0)
    throw Error(Code::invalid, "the node " + node.ae_title + " has rights that this version doesn't know: upgrade it");
  if (node.description.size() > kLongestDescription)
    throw Error(Code::invalid,
                "the description of the node " + node.ae_title + " is longer than 256 bytes: shorten it");
  for (auto& syntax : node.preferred_transfer_syntaxes) syntax = transfer_syntax_uid(syntax);
  node.certificate = checked_certificate_name(node.ae_title, node.certificate);
  node.tls = node.tls || !node.certificate.empty();
  return node;
}

Node to_node(const ApplicationEntity& entity) {
  return {std::string(entity.ae_title),
          std::string(entity.host),
          entity.port,
          entity.rights,
          entity.tls,
          entity.any_address,
          std::string(entity.description),
          {entity.preferred_transfer_syntaxes.begin(), entity.preferred_transfer_syntaxes.end()},
          std::string(entity.origin),
          entity.last_seen_us,
          std::string(entity.certificate),
          entity.user_required};
}

}  // namespace fermata::application_entities
