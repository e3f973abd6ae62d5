#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "data-set/element_header.hpp"

namespace fermata::archive {

/// The way back from a canonical header: its elements in the encoding of a transfer syntax, text still in UTF-8.
/// Needed where an ingest hook has changed an object. **Thread**: any. **Errors**: Error corrupt.
std::vector<std::byte> encode_header(std::span<const std::byte> canonical, Encoding encoding);

}  // namespace fermata::archive
