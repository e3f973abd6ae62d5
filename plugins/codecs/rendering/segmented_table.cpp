#include "rendering/segmented_table.hpp"

#include "fermata/error.hpp"

namespace fermata::codecs::rendering {
namespace {

[[noreturn]] void fail(const char* why) {
  throw Error(Code::corrupt, std::string("the Segmented Palette Color Lookup Table Data ") + why);
}

class Expansion {
 public:
  Expansion(std::span<const std::byte> data, uint32_t bits, std::size_t limit)
      : data_(data), width_(bits > 8 ? 2 : 1), limit_(limit) {}

  std::vector<uint16_t> run() {
    // Less than two values cannot begin a segment: they are padding.
    for (std::size_t at = 0; !full() && at + 2 * width_ <= data_.size();) at = segment(at, true);
    return std::move(entries_);
  }

 private:
  bool full() const { return entries_.size() >= limit_; }
  uint16_t value(std::size_t& at) const {
    if (at > data_.size() || data_.size() - at < width_) fail("ends within a segment");
    uint16_t v = std::to_integer<uint16_t>(data_[at]);
    if (width_ == 2) v = static_cast<uint16_t>(v | std::to_integer<uint16_t>(data_[at + 1]) << 8);
    at += width_;
    return v;
  }
  void add(uint16_t entry) {
    if (!full()) entries_.push_back(entry);
  }

  /// Returns where the next segment begins.
  std::size_t segment(std::size_t at, bool indirect_allowed) {
    const auto opcode = value(at);
    const auto length = value(at);
    if (length == 0) fail("has a segment of length 0");
    switch (opcode) {
      case 0:
        for (unsigned i = 0; i < length; ++i) add(value(at));
        return at;
      case 1:
        line(length, value(at));
        return at;
      case 2:
        if (!indirect_allowed) fail("has an indirect segment that points to another");
        copy(length, offset(at));
        return at;
      default:
        fail("has a segment of an unknown kind");
    }
  }
  void line(unsigned length, uint16_t to) {
    if (entries_.empty()) fail("begins with a linear segment");
    const int from = entries_.back();
    const int rise = int{to} - from;
    const int count = static_cast<int>(length);
    for (int64_t i = 1; i <= count; ++i) {
      const int64_t twice = 2 * i * rise;  // to the nearest, without floating point
      add(static_cast<uint16_t>(from + (twice + (rise < 0 ? -count : count)) / (2 * count)));
    }
  }
  /// 32 bits, the lowest first, in bytes from the beginning of the data.
  std::size_t offset(std::size_t& at) const {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < 4 / width_; ++i) bytes |= std::size_t{value(at)} << (8 * width_ * i);
    return bytes;
  }
  void copy(unsigned segments, std::size_t from) {
    for (unsigned i = 0; i < segments && !full(); ++i) from = segment(from, false);
  }

  std::span<const std::byte> data_;
  std::size_t width_;
  std::size_t limit_;
  std::vector<uint16_t> entries_;
};

}  // namespace

std::vector<uint16_t> expand_segments(std::span<const std::byte> data, uint32_t bits, std::size_t limit) {
  return Expansion(data, bits, limit).run();
}

}  // namespace fermata::codecs::rendering
