#include "media_type.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace fermata::static_files {

std::string_view media_type(std::string_view file_name) {
  using Entry = std::pair<std::string_view, std::string_view>;
  static constexpr std::array kTypes{
      Entry{".css", "text/css; charset=utf-8"},
      Entry{".html", "text/html; charset=utf-8"},
      Entry{".ico", "image/x-icon"},
      Entry{".jpg", "image/jpeg"},
      Entry{".js", "text/javascript; charset=utf-8"},
      Entry{".json", "application/json"},
      Entry{".jsonc", "application/json"},
      Entry{".mjs", "text/javascript; charset=utf-8"},
      Entry{".png", "image/png"},
      Entry{".svg", "image/svg+xml"},
      Entry{".ttf", "font/ttf"},
      Entry{".wasm", "application/wasm"},
      Entry{".woff", "font/woff"},
      Entry{".woff2", "font/woff2"},
  };
  const auto dot = file_name.rfind('.');
  const auto extension = dot == std::string_view::npos ? std::string_view{} : file_name.substr(dot);
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Entry& entry) { return entry.first == extension; });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

}  // namespace fermata::static_files
