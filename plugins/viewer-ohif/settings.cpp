#include "settings.hpp"

#include "installation.hpp"

namespace fermata::viewer {

Settings read_settings(const Config& config) {
  Settings settings;
  settings.path = config["path"].string();
  settings.dicomweb = config["dicomweb"].string();
  settings.wado_uri = config["wado_uri"].string();
  settings.files = config["files"].string();
  if (settings.files.empty()) settings.files = built_in_folder();
  return settings;
}

}  // namespace fermata::viewer
