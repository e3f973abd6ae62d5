#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fermata/http_router.hpp"
#include "fermata/timestamp.hpp"

namespace fermata {

/// Answers a request of an API with JSON that is made already, and that nobody keeps: it is different the next time.
inline void answer_json(HttpResponse& response, std::string_view json) {
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  response.write(std::as_bytes(std::span(json.data(), json.size())));
}

/// Microseconds since 1970 for programs: "2024-01-31T12:00:00Z" (RFC 3339); nothing for 0, which is no time.
inline std::optional<std::string> json_time(int64_t microseconds) {
  if (microseconds == 0) return {};
  return rfc3339(microseconds);
}

}  // namespace fermata
