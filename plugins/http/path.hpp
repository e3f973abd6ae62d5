#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::http {

/// The segments of a path, percent-decoded: "/a/b%2Fc" has "a" and "b/c"; a "/" at the end gives an empty last one.
///
/// **Errors**: Problem 400 for what could be read in two ways further down: segments "." and "..", control characters,
/// and a "%" that encodes nothing.
std::vector<std::string> path_segments(std::string_view path);

/// Empty if a "%" does not begin two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace fermata::http
