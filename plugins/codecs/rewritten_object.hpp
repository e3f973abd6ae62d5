#pragma once
#include <memory>
#include <vector>

#include "byte_source.hpp"
#include "composed_object.hpp"
#include "pixel_data_writer.hpp"

namespace fermata::codecs {

/// A whole object with other pixel data, made as it is read: what comes before the pixel data's value, the value, what
/// comes after it.
/// **Errors**: those of its parts; corrupt where the object ends too early.
class RewrittenObject final : public ByteSource {
 public:
  RewrittenObject(ComposedObject before, std::unique_ptr<PixelDataWriter> value, ComposedObject after)
      : before_(std::move(before)), value_(std::move(value)), after_(std::move(after)) {}
  std::size_t read(std::span<std::byte> into) override;

 private:
  bool next_piece();
  bool copy(ObjectReader& object);

  ComposedObject before_;
  std::unique_ptr<PixelDataWriter> value_;
  ComposedObject after_;
  enum class Stage : uint8_t { before, value, after, end } stage_ = Stage::before;
  uint64_t position_ = 0;  ///< in `before_` or `after_`
  std::vector<std::byte> piece_;
  std::size_t taken_ = 0;  ///< of `piece_`
};

}  // namespace fermata::codecs
