#include "settings.hpp"

namespace fermata::dicomweb {

Settings read_settings(const Config& config) {
  Settings settings;
  settings.root = config["root"].string();
  settings.wado_uri = config["wado_uri"].string();
  settings.maximum_results = static_cast<uint64_t>(config["maximum_results"].integer());
  settings.temporary_folder = config["temporary_folder"].string();
  settings.temporary_space = config["temporary_space"].size();
  settings.description_memory = config["description_memory"].size();
  settings.maximum_parts = static_cast<std::size_t>(config["maximum_parts"].integer());
  settings.searches_per_second = static_cast<double>(config["searches_per_second"].integer());
  return settings;
}

}  // namespace fermata::dicomweb
