#pragma once
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace fermata::http {

std::string http_date(std::time_t time);                            ///< IMF-fixdate (RFC 9110 5.6.7)
std::optional<std::time_t> parse_http_date(std::string_view text);  ///< in any of the three formats

}  // namespace fermata::http
