#pragma once
#include <xxhash.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>

#include "fermata/index.hpp"

namespace fermata::archive {

/// XXH3-128 over bytes as they pass by. **Thread**: one at a time.
class StreamingChecksum {
 public:
  StreamingChecksum() : state_(XXH3_createState()) {
    if (!state_) throw std::bad_alloc();
    XXH3_128bits_reset(state_.get());
  }
  void add(std::span<const std::byte> bytes) { XXH3_128bits_update(state_.get(), bytes.data(), bytes.size()); }
  Checksum value() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    Checksum checksum;
    static_assert(sizeof canonical.digest == sizeof checksum);
    std::memcpy(checksum.data(), canonical.digest, sizeof checksum);
    return checksum;
  }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
};

}  // namespace fermata::archive
