#pragma once
#include "fermata/transcoder.hpp"
#include "memory.hpp"

namespace fermata::codecs {

/// Gives objects and frames in another transfer syntax: every uncompressed one, and every compressed one that has a
/// lossless form. What was lossy when it came is decoded, and loses nothing more.
///
/// *Used by* protocols, as the service Transcoder. **Thread**: any. **Ownership**: borrows the memory; results end
/// before it.
class LosslessTranscoder final : public Transcoder {
 public:
  explicit LosslessTranscoder(Memory& memory) : memory_(memory) {}

  bool can(std::string_view from, std::string_view to) override;
  std::unique_ptr<ObjectReader> transcode(std::unique_ptr<ObjectReader> object, std::string_view from,
                                          std::string_view to) override;
  std::unique_ptr<FrameReader> frames(const InstanceRecord& record, std::unique_ptr<ObjectReader> object) override;

 private:
  Memory& memory_;
};

}  // namespace fermata::codecs
