#pragma once
#include <memory>
#include <string_view>

#include "fermata/archive.hpp"
#include "memory.hpp"

namespace fermata::codecs {

/// An object in Explicit VR Little Endian with its pixel data compressed, decompressed, or compressed otherwise.
///
/// The header is passed through but for what describes the encoding: Photometric Interpretation, Planar Configuration,
/// offset tables, group lengths. Frames are made one by one while the result is read, each once (SpooledObject). The
/// length of a compressed result is known only when all of it was made.
///
/// `from`, `to`: native Explicit VR Little Endian, or a transfer syntax of encapsulated pixel data.
/// **Errors**: unsupported (this object has no form in `to`), corrupt; some only when the result is read.
std::unique_ptr<ObjectReader> transcode_pixels(std::unique_ptr<ObjectReader> object, std::string_view from,
                                               std::string_view to, Memory& memory);

}  // namespace fermata::codecs
