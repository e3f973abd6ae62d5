#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fermata/error.hpp"
#include "fermata/http_router.hpp"
#include "fermata/timestamp.hpp"

namespace fermata {

/// Answers a request of an API with JSON that is made already, and that nobody keeps: it is different the next time.
inline void answer_json(HttpResponse& response, std::string_view json) {
  response.header("Content-Type", "application/json");
  response.header("Cache-Control", "no-store");
  response.write(std::as_bytes(std::span(json.data(), json.size())));
}

/// A request's body, up to so many bytes. **Errors**: invalid (it is longer).
inline std::string read_body(HttpRequest& request, std::size_t most) {
  std::string body;
  std::array<std::byte, 4096> piece{};
  while (const auto count = request.read(piece)) {
    body.append(reinterpret_cast<const char*>(piece.data()), static_cast<std::size_t>(count));
    if (body.size() > most)
      throw Error(Code::invalid, "the request's body is longer than " + std::to_string(most) + " bytes");
  }
  return body;
}

/// Microseconds since 1970 for programs: "2024-01-31T12:00:00Z" (RFC 3339); nothing for 0, which is no time.
inline std::optional<std::string> json_time(int64_t microseconds) {
  if (microseconds == 0) return {};
  return rfc3339(microseconds);
}

}  // namespace fermata
