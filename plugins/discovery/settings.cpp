#include "settings.hpp"

namespace fermata::discovery {
namespace {

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) throw Error(Code::invalid, "ae_title is empty: give it 1 to 16 characters");
  return std::string(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

}  // namespace

Settings read_settings(const Config& config) {
  Settings settings;
  settings.service.ae_title = trimmed(config["ae_title"].string());
  settings.service.port = static_cast<uint16_t>(config["port"].integer());
  settings.service.description = config["description"].string();
  if (settings.service.description.empty())
    settings.service.description = settings.service.ae_title + " on " + own_host_name();
  settings.publish = config["publish"].boolean();
  settings.browse = config["browse"].boolean();
  settings.public_node_list = config["public_node_list"].boolean();
  settings.node_list_includes_nodes = config["node_list_includes_nodes"].boolean();
  settings.wado_uri = config["wado_uri"].string();
  return settings;
}

}  // namespace fermata::discovery
