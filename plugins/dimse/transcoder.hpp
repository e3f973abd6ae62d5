#pragma once
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "fermata/archive.hpp"

namespace fermata::dimse {

/// Gives an object in another transfer syntax: between all uncompressed ones, and from JPEG, JPEG-LS and RLE to those.
///
/// Nothing but the encoding and what describes it changes: same UIDs, same values. Uncompressed objects are encoded
/// anew while they are read, whatever their size; compressed ones are decoded in memory by DCMTK, all associations
/// together within `memory` bytes: who comes too early waits. *Used by* StoreSender. **Thread**: any number at once; a
/// result is one thread's. **Ownership**: it owns the object it is given, the results end before it.
/// **Errors**: unsupported (no way from one to the other, or larger than `memory`), corrupt.
class Transcoder {
 public:
  explicit Transcoder(uint64_t memory);
  Transcoder(const Transcoder&) = delete;
  Transcoder& operator=(const Transcoder&) = delete;

  /// Whether there is a way at all; a damaged object can still fail.
  bool can(std::string_view from, std::string_view to) const;
  std::unique_ptr<ObjectReader> transcode(std::unique_ptr<ObjectReader> object, std::string_view from,
                                          std::string_view to);

 private:
  class Share;  ///< of the memory
  std::shared_ptr<Share> reserve(uint64_t bytes);
  std::unique_ptr<ObjectReader> decode(ObjectReader& object, std::string_view from, std::string_view to);

  uint64_t memory_;
  uint64_t free_;
  std::mutex mutex_;
  std::condition_variable released_;
};

}  // namespace fermata::dimse
