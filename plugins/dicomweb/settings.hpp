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
  uint64_t temporary_space = 0;                ///< bytes that one request may take there
  uint64_t description_memory = 512ull << 20;  ///< for the metadata of all requests to store
  std::size_t maximum_parts = 100'000;
  double searches_per_second = 0;  ///< from one address; 0: any number
};

/// **Errors**: invalid.
Settings read_settings(const Config& config);

}  // namespace fermata::dicomweb
