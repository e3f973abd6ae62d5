#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "fermata/archive.hpp"
#include "frame_codec.hpp"
#include "frame_store.hpp"
#include "memory.hpp"
#include "pixel_description.hpp"

namespace fermata::codecs {

/// The frames of one object in the three forms there are: as stored, native, and as plain pixels.
///
/// Holds one frame. **Thread**: one at a time. **Ownership**: owns object and store; borrows decoder and memory.
/// Results are valid until the next call.
/// **Errors**: those of FrameStore, FrameDecoder and Memory; unsupported where nothing decodes the transfer syntax.
class ObjectFrames {
 public:
  using Bytes = std::span<const std::byte>;

  /// `decoder`: null where frames are stored as native pixel data, or where nothing decodes them.
  ObjectFrames(std::shared_ptr<ObjectReader> object, std::unique_ptr<FrameStore> store, PixelDescription stored,
               bool native, const FrameDecoder* decoder, Memory& memory);

  uint64_t count() const { return stored_.frames; }
  const PixelDescription& stored_description() const { return stored_; }
  /// Of an uncompressed object with these frames; Error unsupported if there can't be one.
  const PixelDescription& native_description();
  /// The same with the samples of a pixel side by side and chrominance for each of them.
  const PixelDescription& pixel_description();

  /// `more`: bytes of memory that the caller takes beside the result.
  Bytes stored(uint64_t number);
  Bytes native(uint64_t number, uint64_t more = 0);
  Bytes pixels(uint64_t number, uint64_t more = 0);

 private:
  void make_room(uint64_t bytes);
  void load(uint64_t number, std::vector<std::byte>& into);

  std::shared_ptr<ObjectReader> object_;
  std::unique_ptr<FrameStore> store_;
  PixelDescription stored_;
  std::optional<PixelDescription> native_description_;  ///< once it was asked for
  std::optional<PixelDescription> pixel_description_;
  bool is_native_;
  const FrameDecoder* decoder_;
  Memory::Share share_;

  std::vector<std::byte> stored_bytes_;
  std::vector<std::byte> native_bytes_;
  std::vector<std::byte> pixel_bytes_;
  uint64_t stored_number_ = 0;  ///< of the frame in each of these; 0: none
  uint64_t native_number_ = 0;
  uint64_t pixel_number_ = 0;
};

}  // namespace fermata::codecs
