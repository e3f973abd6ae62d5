#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/c/transcoder.h"

namespace fermata {

/// The frames of one object, each found and decoded alone. **Thread**: one at a time.
class FrameReader {
 public:
  virtual ~FrameReader() = default;
  virtual uint64_t count() = 0;
  /// Frame `number`, counted from 1, in a transfer syntax: in an uncompressed one its pixels little endian as PS3.5 8.1
  /// lays them out (one bit per pixel: packed, beginning at a byte's lowest bit), in a compressed one its bit stream.
  /// In the stored transfer syntax, if that is a compressed one, they are the stored bytes. Valid until the next call.
  /// Error not_found (no such frame), unsupported (no way to that transfer syntax), corrupt (this frame is damaged:
  /// others may be well).
  virtual std::span<const std::byte> frame(uint64_t number, std::string_view transfer_syntax_uid) = 0;
};

/// Gives objects and frames in another transfer syntax. Nothing but the encoding and what describes it changes: same
/// UIDs, same values.
///
/// *Provided by* codecs; *used by* protocols whose peer takes less than what is stored.
/// **Thread**: any. **Ownership**: takes the object it is given, also when it fails; results are the caller's.
/// **Errors**: unsupported (no way from one to the other, or beyond the configured memory), corrupt.
class Transcoder {
 public:
  static constexpr const char* kId = FERMATA_TRANSCODER_ID;
  virtual ~Transcoder() = default;
  /// Whether there is a way that loses nothing; a damaged object can still fail.
  virtual bool can(std::string_view from, std::string_view to) = 0;
  virtual std::unique_ptr<ObjectReader> transcode(std::unique_ptr<ObjectReader> object, std::string_view from,
                                                  std::string_view to) = 0;
  /// `record` with its header, and the object it is about. Error invalid: it has no pixel data.
  virtual std::unique_ptr<FrameReader> frames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object) = 0;
};

}  // namespace fermata

#include "fermata/bridge/transcoder.hpp"  // IWYU pragma: export
