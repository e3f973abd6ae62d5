#pragma once
#include <string>
#include <string_view>

namespace fermata::application_entities {

/// The UID of a transfer syntax that is written as a UID, as its keyword (`JPEG2000Lossless`) or as its name
/// (`RLE Lossless`); PS3.6 table A-1. UIDs that the table doesn't have are taken as they are.
/// **Errors**: invalid, naming the text.
std::string transfer_syntax_uid(std::string_view text);

}  // namespace fermata::application_entities
