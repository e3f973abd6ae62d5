#include "encapsulation.hpp"

#include <algorithm>

#include "fermata/dicom/tag.hpp"
#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

void put_header(std::vector<std::byte>& out, dicom::Tag tag, std::size_t length) {
  const auto put = [&](std::size_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i) & 0xff));
  };
  put(tag.group(), 2);
  put(tag.element(), 2);
  put(length, 4);
}

}  // namespace

Encapsulation::Encapsulation(std::unique_ptr<ObjectReader> before, std::shared_ptr<ObjectFrames> frames,
                             const FrameEncoder* encoder, std::unique_ptr<ObjectReader> after)
    : before_(std::move(before)), frames_(std::move(frames)), encoder_(encoder), after_(std::move(after)) {}

std::size_t Encapsulation::read(std::span<std::byte> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    if (taken_ == piece_.size() && !next_piece()) break;
    const auto count = std::min(into.size() - done, piece_.size() - taken_);
    std::copy_n(piece_.begin() + static_cast<std::ptrdiff_t>(taken_), count,
                into.begin() + static_cast<std::ptrdiff_t>(done));
    taken_ += count;
    done += count;
  }
  return done;
}

bool Encapsulation::next_piece() {
  constexpr std::size_t kPiece = 65536;
  const auto copy = [&](ObjectReader& object, Stage next) {
    piece_.resize(kPiece);
    piece_.resize(static_cast<std::size_t>(object.read_at(position_, piece_)));
    position_ += piece_.size();
    if (position_ == object.length()) {
      stage_ = next;
      position_ = 0;
    } else if (piece_.empty()) {
      throw Error(Code::corrupt, "the object is cut short");
    }
  };
  taken_ = 0;
  piece_.clear();
  switch (stage_) {
    case Stage::before:
      copy(*before_, Stage::frames);
      if (stage_ == Stage::frames) put_header(piece_, dicom::kItem, 0);  // the Basic Offset Table
      return true;
    case Stage::frames:
      if (frame_ == frames_->count()) {
        put_header(piece_, dicom::kSequenceDelimitation, 0);
        stage_ = after_->length() == 0 ? Stage::end : Stage::after;
        return true;
      }
      ++frame_;
      if (encoder_ == nullptr) {
        item(frames_->stored(frame_));
      } else {
        const auto& description = frames_->pixel_description();
        item(encoder_->encode(frames_->pixels(frame_, encoder_->working_memory(description)), description));
      }
      return true;
    case Stage::after:
      copy(*after_, Stage::end);
      return true;
    case Stage::end:
      break;
  }
  return false;
}

void Encapsulation::item(std::span<const std::byte> bytes) {
  if (bytes.size() > 0xfffffffd) throw Error(Code::unsupported, "a compressed frame is longer than 4 GiB");
  put_header(piece_, dicom::kItem, (bytes.size() + 1) / 2 * 2);
  piece_.insert(piece_.end(), bytes.begin(), bytes.end());
  if (bytes.size() % 2 != 0) piece_.push_back(std::byte{0});
}

}  // namespace fermata::codecs
