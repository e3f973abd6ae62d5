#include "rewritten_object.hpp"

#include <algorithm>

#include "fermata/error.hpp"

namespace fermata::codecs {

std::size_t RewrittenObject::read(std::span<std::byte> into) {
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

/// False at the end of all.
bool RewrittenObject::next_piece() {
  taken_ = 0;
  piece_.clear();
  for (;;) {
    bool more = false;
    switch (stage_) {
      case Stage::before:
        more = copy(before_);
        break;
      case Stage::value:
        more = value_->next(piece_);
        break;
      case Stage::after:
        more = copy(after_);
        break;
      case Stage::end:
        return false;
    }
    if (more) return true;
    stage_ = static_cast<Stage>(static_cast<int>(stage_) + 1);
    position_ = 0;
  }
}

bool RewrittenObject::copy(ObjectReader& object) {
  constexpr uint64_t kPiece = 65536;
  piece_.resize(static_cast<std::size_t>(std::min(kPiece, object.length() - position_)));
  if (piece_.empty()) return false;
  if (object.read_at(position_, piece_) < piece_.size()) throw Error(Code::corrupt, "the object is cut short");
  position_ += piece_.size();
  return true;
}

}  // namespace fermata::codecs
