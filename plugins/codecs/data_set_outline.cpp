#include "data_set_outline.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "fermata/dicom/tag.hpp"
#include "fermata/dicom/written_vr.hpp"
#include "fermata/error.hpp"

namespace fermata::codecs {
namespace {

using dicom::Tag;
using dicom::Vr;

constexpr uint32_t kUndefinedLength = 0xffffffff;
constexpr std::size_t kMostElements = 1 << 20;
constexpr int kDeepest = 64;

[[noreturn]] void fail(const char* what) {
  throw Error(Code::corrupt, std::string("the data set is damaged: ") + what);
}

class Walker {
 public:
  explicit Walker(ObjectReader& object) : object_(object), length_(object.length()) {}

  std::vector<OutlinedElement> run() {
    std::vector<OutlinedElement> elements;
    while (at_ < length_) {
      OutlinedElement element;
      element.begin = at_;
      const auto header = read_header(true);
      if (header.tag == Tag(0, 0)) break;
      element.tag = header.tag;
      element.vr = header.vr;
      element.value = at_;
      element.undefined_length = header.length == kUndefinedLength;
      skip_value(header, 0);
      element.end = at_;
      if (elements.size() == kMostElements) throw Error(Code::unsupported, "the data set has too many elements");
      elements.push_back(element);
    }
    return elements;
  }

 private:
  struct Header {
    Tag tag;
    Vr vr;
    uint32_t length = 0;
  };

  void skip_value(const Header& header, int depth) {
    if (header.length != kUndefinedLength) return skip(header.length);
    if (depth > kDeepest) fail("its sequences are nested too deeply");
    // What an unknown sequence holds is in implicit VR (PS3.5 6.2.2).
    const bool explicit_vr = header.vr != Vr("UN");
    for (;;) {
      const auto item = read_header(explicit_vr);
      if (item.tag == dicom::kSequenceDelimitation) return;
      if (item.tag != dicom::kItem) fail("a sequence holds something else than items");
      if (item.length != kUndefinedLength)
        skip(item.length);
      else
        skip_item(explicit_vr, depth + 1);
    }
  }

  void skip_item(bool explicit_vr, int depth) {
    for (;;) {
      const auto header = read_header(explicit_vr);
      if (header.tag == dicom::kItemDelimitation) return;
      skip_value(header, depth);
    }
  }

  void skip(uint64_t count) {
    if (count > length_ - at_) fail("it is cut short");
    at_ += count;
  }

  Header read_header(bool explicit_vr) {
    const auto* bytes = look(8);
    Header header;
    header.tag = Tag(u16(bytes), u16(bytes + 2));
    at_ += 8;
    if (header.tag.group() == 0xfffe || header.tag == Tag(0, 0)) {
      header.length = u32(bytes + 4);
      return header;
    }
    if (!explicit_vr) {
      header.length = u32(bytes + 4);
      header.vr = "UN";
      return header;
    }
    const auto written = dicom::written_vr(static_cast<char>(bytes[4]), static_cast<char>(bytes[5]));
    if (!written) fail("an element has no Value Representation");
    header.vr = written->vr;
    if (!written->long_length) {
      header.length = u16(bytes + 6);
      return header;
    }
    header.length = u32(look(4));
    at_ += 4;
    return header;
  }

  /// The next bytes, valid until the next call.
  const std::byte* look(std::size_t count) {
    if (count > length_ - at_) fail("it is cut short");
    if (at_ < window_begin_ || at_ + count > window_begin_ + window_size_) {
      window_begin_ = at_;
      window_size_ = static_cast<std::size_t>(object_.read_at(at_, window_));
      if (window_size_ < count) fail("it is cut short");
    }
    return window_.data() + (at_ - window_begin_);
  }

  static uint16_t u16(const std::byte* b) {
    return static_cast<uint16_t>(std::to_integer<unsigned>(b[0]) | std::to_integer<unsigned>(b[1]) << 8);
  }
  static uint32_t u32(const std::byte* b) { return uint32_t{u16(b)} | uint32_t{u16(b + 2)} << 16; }

  ObjectReader& object_;
  const uint64_t length_;
  uint64_t at_ = 0;
  std::array<std::byte, 4096> window_;
  uint64_t window_begin_ = 0;
  std::size_t window_size_ = 0;
};

}  // namespace

std::vector<OutlinedElement> outline(ObjectReader& object) { return Walker(object).run(); }

}  // namespace fermata::codecs
