#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "import_plan.hpp"

namespace fermata::imports {

/// What somebody wants imported, as they say it: on the command line, or over HTTP in JSON with these members.
///
/// **Thread**: a value. **Errors**: invalid, with a sentence for who asked.
struct ImportRequest {
  std::string source;
  std::string kind;  ///< empty: what is recognised
  bool dry_run = false;
  std::optional<uint64_t> rate;
  std::string hours;
  std::string from;
  std::string to;

  static ImportRequest from_json(const boost::json::value& body);
  boost::json::object to_json() const;
  /// "SOURCE --dry-run --rate 100"
  static std::string_view usage();
  static ImportRequest from_arguments(std::span<const std::string_view> arguments);
};

/// The request, checked. `folders`: only from these may files be taken; nothing: from anywhere.
/// **Errors**: invalid, not_found, refused (outside of the folders).
ImportPlan checked(const ImportRequest& request, const std::optional<std::vector<std::string>>& folders);

/// A path without links and "..": not_found where it does not exist, refused where it is in none of the folders.
std::filesystem::path confined(const std::string& path, const std::vector<std::string>& folders);

}  // namespace fermata::imports
