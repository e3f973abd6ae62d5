#pragma once
#include <cstdint>
#include <string>

#include "fermata/config.hpp"

namespace fermata::dicomweb {

/// What `schema.yaml` describes.
struct Settings {
  std::string root;      ///< no "/" at its end
  std::string wado_uri;  ///< empty: not offered
  uint64_t maximum_results = 0;
  std::string temporary_folder;
  uint64_t temporary_space = 0;  ///< bytes that one request may take there
};

/// **Errors**: invalid.
Settings read_settings(const Config& config);

}  // namespace fermata::dicomweb
