#pragma once
#include <string_view>

#include "frame_codec.hpp"

namespace fermata::codecs {

/// What decodes the frames of a transfer syntax; null where nothing does, and for native pixel data.
const FrameDecoder* frame_decoder(std::string_view transfer_syntax_uid);
/// What encodes frames for a transfer syntax without losing anything; null where nothing does.
const FrameEncoder* frame_encoder(std::string_view transfer_syntax_uid);
/// Whether every bit stream that is valid in `from` is valid in `to`, so that it can pass as it is.
bool is_kind_of(std::string_view from, std::string_view to);

}  // namespace fermata::codecs
