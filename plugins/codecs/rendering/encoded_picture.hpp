#pragma once
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <vector>

#include "fermata/frame_renderer.hpp"

namespace fermata::codecs::rendering {

/// A picture as a library writes it, piece by piece.
class EncodedPicture final : public RenderedFrame {
 public:
  std::span<const std::byte> bytes() override { return bytes_; }
  /// False: there is no memory for it. No exception may pass through the C library that calls this.
  bool append(const uint8_t* data, std::size_t size) noexcept {
    try {
      const auto piece = std::as_bytes(std::span(data, size));
      bytes_.insert(bytes_.end(), piece.begin(), piece.end());
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace fermata::codecs::rendering
