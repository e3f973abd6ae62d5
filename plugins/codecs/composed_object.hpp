#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "fermata/archive.hpp"

namespace fermata::codecs {

/// Objects and bytes one after the other, as one object. **Thread**: as its parts.
class ComposedObject final : public ObjectReader {
 public:
  void add(std::vector<std::byte> bytes);
  /// `length` bytes of it, from `offset` on. They may turn out to be missing: then reading ends there.
  void add(std::shared_ptr<ObjectReader> object, uint64_t offset, uint64_t length);

  uint64_t length() override { return length_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override;

 private:
  struct Part {
    uint64_t begin;  ///< in the result
    uint64_t length;
    std::shared_ptr<ObjectReader> object;
    uint64_t offset;  ///< in `object`
  };
  std::vector<Part> parts_;
  uint64_t length_ = 0;
};

/// Owns its bytes.
class BytesObject final : public ObjectReader {
 public:
  explicit BytesObject(std::vector<std::byte> bytes) : bytes_(std::move(bytes)) {}
  uint64_t length() override { return bytes_.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override;

 private:
  const std::vector<std::byte> bytes_;
};

}  // namespace fermata::codecs
