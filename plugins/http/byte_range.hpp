#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace fermata::http {

/// A part of a body: from `first`, up to and without `end`.
struct ByteRange {
  uint64_t first = 0;
  uint64_t end = 0;
};

/// What a field Range asks of a body of this length (RFC 9110 14.2).
struct RangeRequest {
  enum class Kind { whole, part, unsatisfiable } kind = Kind::whole;
  ByteRange part;
};

/// Several ranges, other units and what is malformed ask for the whole, as the standard lets a server have it.
RangeRequest parse_range(std::string_view field, uint64_t length);

}  // namespace fermata::http
