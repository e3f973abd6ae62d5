#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fermata::dicomweb {

/// A Content-Type (RFC 9110 8.3.1). **Thread**: a value.
struct MediaType {
  std::string name;  ///< in lower case, without parameters; empty where there is none
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case, values without quotes

  /// What can't be parsed is left out.
  static MediaType parse(std::string_view text);
  /// Empty where it is not there.
  std::string_view parameter(std::string_view parameter_name) const;
};

}  // namespace fermata::dicomweb
