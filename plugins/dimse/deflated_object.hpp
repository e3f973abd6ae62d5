#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fermata/archive.hpp"

struct z_stream_s;

namespace fermata::dimse {

/// Runs an object through zlib as it is read, with a few dozen KiB of memory, either way (PS3.5 A.5: a raw RFC 1951
/// stream). Reading forwards is cheap; reading backwards, and `length`, start over from the beginning.
///
/// **Thread**: one at a time. **Ownership**: owns the object underneath. **Errors**: Error corrupt (no deflated
/// stream).
class DeflatedObject : public ObjectReader {
 public:
  enum class Direction { inflate, deflate };
  DeflatedObject(std::unique_ptr<ObjectReader> object, Direction direction);
  ~DeflatedObject() override;
  uint64_t length() override;
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override;

 private:
  void restart();
  void skip_to(uint64_t offset);
  std::size_t produce(std::span<std::byte> into);
  std::size_t pad(std::span<std::byte> into);

  std::unique_ptr<ObjectReader> object_;
  Direction direction_;
  std::unique_ptr<z_stream_s> stream_;
  bool open_ = false;
  bool ended_ = false;
  uint64_t taken_ = 0;     ///< of the object underneath
  uint64_t produced_ = 0;  ///< of the result
  uint64_t length_ = UINT64_MAX;
  std::vector<std::byte> input_;
};

}  // namespace fermata::dimse
