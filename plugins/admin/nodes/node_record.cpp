#include "nodes/node_record.hpp"

#include <algorithm>

#include "fermata/error.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

struct NamedRight {
  std::string_view name;
  Rights right;
};

constexpr NamedRight kRights[] = {
    {"echo", kMayEcho}, {"store", kMayStore}, {"query", kMayQuery}, {"retrieve", kMayRetrieve}};

}  // namespace

json::array names_of(Rights rights) {
  json::array names;
  for (const auto& known : kRights)
    if ((rights & known.right) != 0) names.emplace_back(known.name);
  return names;
}

Rights rights_named(const std::vector<std::string>& names) {
  Rights rights = 0;
  for (const auto& name : names) {
    const auto* const known =
        std::find_if(std::begin(kRights), std::end(kRights), [&](const auto& right) { return right.name == name; });
    if (known == std::end(kRights))
      throw Error(Code::invalid, "\"" + utf8(name) + "\" is no right: choose among echo, store, query, retrieve");
    rights |= known->right;
  }
  return rights;
}

Rights rights_wanted(std::string_view wanted) {
  Rights rights = 0;
  for (const auto& known : kRights)
    if (wanted.find(known.name) != std::string_view::npos) rights |= known.right;
  return rights == 0 ? kMayEverything : rights | kMayEcho;
}

json::object node_object(const ApplicationEntity& node) {
  json::array syntaxes;
  for (const auto syntax : node.preferred_transfer_syntaxes) syntaxes.emplace_back(syntax);
  return {
      {"ae_title", utf8(node.ae_title)},
      {"host", utf8(node.host)},
      {"port", node.port},
      {"rights", names_of(node.rights)},
      {"tls", node.tls},
      {"any_address", node.any_address},
      {"certificate", utf8(node.certificate)},
      {"user_required", node.user_required},
      {"description", utf8(node.description)},
      {"preferred_transfer_syntaxes", std::move(syntaxes)},
      {"origin", utf8(node.origin)},
      {"last_seen", time_value(node.last_seen_us)},
  };
}

}  // namespace fermata::admin
