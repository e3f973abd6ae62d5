#pragma once
#include <xxhash.h>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>

#include "fermata/index.hpp"

namespace fermata {

/// The checksum of InstanceRecord, XXH3-128, over bytes as they pass by. This header needs the library xxHash; nothing
/// else of the SDK does. **Thread**: one at a time.
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

/// 32 lower-case digits.
inline std::string hexadecimal(const Checksum& checksum) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const auto byte : checksum) text.append({kDigits[byte >> 4], kDigits[byte & 15]});
  return text;
}

}  // namespace fermata
