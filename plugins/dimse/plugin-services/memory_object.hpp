#pragma once
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

#include "fermata/archive.hpp"

namespace fermata::dimse {

/// Bytes in memory as an object. **Ownership**: borrows the bytes.
class MemoryObject : public ObjectReader {
 public:
  explicit MemoryObject(std::span<const std::byte> bytes) : bytes_(bytes) {}
  uint64_t length() override { return bytes_.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset >= bytes_.size()) return 0;
    const auto piece = bytes_.subspan(static_cast<std::size_t>(offset));
    const std::size_t count = std::min(piece.size(), into.size());
    std::memcpy(into.data(), piece.data(), count);
    return count;
  }

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace fermata::dimse
