#pragma once
#include <memory>
#include <vector>

#include "byte_source.hpp"
#include "fermata/archive.hpp"

struct z_stream_s;

namespace fermata::codecs {

/// An object through zlib, either way (PS3.5 A.5: a raw RFC 1951 stream), with a few dozen KiB of memory.
/// **Ownership**: shares the object. **Errors**: Error corrupt (no deflated stream).
class ZlibSource : public ByteSource {
 public:
  ~ZlibSource() override;
  std::size_t read(std::span<std::byte> into) override;

 protected:
  enum class Direction { inflate, deflate };
  ZlibSource(std::shared_ptr<ObjectReader> object, Direction direction);

 private:
  std::size_t produce(std::span<std::byte> into);

  std::shared_ptr<ObjectReader> object_;
  Direction direction_;
  std::unique_ptr<z_stream_s> stream_;
  std::vector<std::byte> input_;
  bool ended_ = false;
  uint64_t taken_ = 0;     ///< of the object
  uint64_t produced_ = 0;  ///< of the result
};

class Inflation final : public ZlibSource {
 public:
  explicit Inflation(std::shared_ptr<ObjectReader> object) : ZlibSource(std::move(object), Direction::inflate) {}
};

/// Of even length (PS3.5 A.5).
class Deflation final : public ZlibSource {
 public:
  explicit Deflation(std::shared_ptr<ObjectReader> object) : ZlibSource(std::move(object), Direction::deflate) {}
};

}  // namespace fermata::codecs
