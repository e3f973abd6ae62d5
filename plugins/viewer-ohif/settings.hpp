#pragma once
#include <filesystem>
#include <string>

#include "fermata/config.hpp"

namespace fermata::viewer {

/// What `schema.yaml` describes. No path has a "/" at its end.
struct Settings {
  std::string path = "/viewer";
  std::string dicomweb = "/dicom-web";
  std::string wado_uri = "/wado";
  std::filesystem::path files;
};

Settings read_settings(const Config& config);

}  // namespace fermata::viewer
