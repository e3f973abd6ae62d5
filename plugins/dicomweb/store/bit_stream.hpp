#pragma once
#include <cstddef>
#include <span>
#include <string_view>

namespace fermata::dicomweb {

/// The transfer syntax of compressed pixels whose sender names only a media type: from the bit stream itself where that
/// says it (JPEG, JPEG-LS, JPEG 2000), otherwise the default of PS3.18 Table 8.7.3-5. Empty where there is none for it.
std::string_view transfer_syntax_of_bit_stream(std::string_view media_type, std::span<const std::byte> beginning);

}  // namespace fermata::dicomweb
