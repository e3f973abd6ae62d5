#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "fermata/archive.hpp"
#include "memory.hpp"
#include "pixel_description.hpp"

namespace fermata::codecs {

class ObjectFrames;

/// The frames of one stored object as pixels, whatever their encoding: each found and decoded alone.
///
/// All samples of a pixel stand side by side, little endian; one bit per pixel is packed, beginning at a byte's lowest
/// bit. Lossy JPEG in YCbCr and JPEG 2000's transformed colours come out as RGB, chrominance that pixels share is given
/// to each of them: `description` says what came out. Bits beside the stored ones are as the object has them.
/// *Used by* the renderer. **Thread**: one at a time. **Ownership**: owns the object and what it needs of the record;
/// borrows the memory.
/// **Errors**: invalid (no pixel data), unsupported (a transfer syntax that nothing here decodes, beyond the memory),
/// not_found (no such frame), corrupt (this frame is damaged: others may be well), unavailable (no memory was given
/// back in time).
class DecodedFrames {
 public:
  /// `record` with its header.
  DecodedFrames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object, Memory& memory);
  ~DecodedFrames();
  DecodedFrames(const DecodedFrames&) = delete;
  DecodedFrames& operator=(const DecodedFrames&) = delete;

  const PixelDescription& description() const;  ///< of what `frame` returns
  uint64_t count() const { return description().frames; }
  /// Frame `number`, counted from 1. Valid until the next call.
  std::span<const std::byte> frame(uint64_t number);

 private:
  std::unique_ptr<ObjectFrames> frames_;
};

}  // namespace fermata::codecs
