#include "node_document.hpp"

#include <boost/json.hpp>

#include "fermata/error.hpp"

namespace fermata::application_entities {
namespace {

namespace json = boost::json;

constexpr int64_t kFormat = 1;

json::array rights_to_json(Rights rights) {
  json::array names;
  for (const Rights right : {kMayEcho, kMayStore, kMayQuery, kMayRetrieve})
    if ((rights & right) != 0) names.emplace_back(names_of(right));
  return names;
}

Rights rights_from_json(const json::array& names) {
  Rights rights = 0;
  for (const auto& name : names) rights |= right_named(json::value_to<std::string>(name));
  return rights;
}

Node read(const json::object& object) {
  Node node;
  node.ae_title = json::value_to<std::string>(object.at("ae_title"));
  node.host = json::value_to<std::string>(object.at("host"));
  node.port = json::value_to<uint16_t>(object.at("port"));
  node.rights = rights_from_json(object.at("rights").as_array());
  node.tls = object.at("tls").as_bool();
  node.any_address = object.at("any_address").as_bool();
  node.description = json::value_to<std::string>(object.at("description"));
  node.preferred_transfer_syntaxes = json::value_to<std::vector<std::string>>(object.at("preferred_transfer_syntaxes"));
  if (const auto* certificate = object.if_contains("certificate"))
    node.certificate = json::value_to<std::string>(*certificate);
  if (const auto* required = object.if_contains("user_required")) node.user_required = required->as_bool();
  node.origin = kFromAdministrator;
  return checked(std::move(node));
}

}  // namespace

std::string to_document(const Node& node) {
  return json::serialize(
      json::object{{"format", kFormat},
                   {"ae_title", node.ae_title},
                   {"host", node.host},
                   {"port", node.port},
                   {"rights", rights_to_json(node.rights)},
                   {"tls", node.tls},
                   {"any_address", node.any_address},
                   {"description", node.description},
                   {"preferred_transfer_syntaxes", json::value_from(node.preferred_transfer_syntaxes)},
                   {"certificate", node.certificate},
                   {"user_required", node.user_required}});
}

Node node_from_document(std::span<const std::byte> content) {
  int64_t format = 0;
  try {
    const auto value = json::parse({reinterpret_cast<const char*>(content.data()), content.size()});
    const auto& object = value.as_object();
    format = object.at("format").as_int64();
    if (format == kFormat) return read(object);
  } catch (const std::exception& e) {
    throw Error(Code::corrupt,
                std::string("a stored node can't be read (") + e.what() + "): remove it and add it again");
  }
  throw Error(Code::unsupported, "a stored node has format " + std::to_string(format) +
                                     ", written by a newer version of this plugin: use that version");
}

}  // namespace fermata::application_entities
