#include "data-set/header_encoder.hpp"

#include <algorithm>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::archive {
namespace {

using dicom::DataSetView;
using dicom::Tag;
using dicom::Vr;
using Bytes = std::span<const std::byte>;

/// Implicit VR Little Endian and Explicit VR Big Endian, which differ from the canonical form all the way down.
class Encoder {
 public:
  explicit Encoder(Encoding encoding) : big_(encoding == Encoding::explicit_big) {}

  void data_set(DataSetView elements) {
    for (auto it = elements.begin(); it != elements.end(); ++it) element(*it, it.encoded());
  }
  std::vector<std::byte> take() { return std::move(out_); }

 private:
  void element(const dicom::Element& e, Bytes encoded) {
    tag(e.tag);
    if (e.vr == Vr("SQ")) {
      const auto start = begin_value(e.vr);
      for (const auto item : e.items()) {
        tag(dicom::kItem);
        u32(0);
        const auto item_start = out_.size();
        data_set(item);
        end_value(item_start);
      }
      return end_value(start);
    }
    if (encoded.size() >= kLongHeader &&
        decode_header(encoded.first(kLongHeader), Encoding::explicit_little).undefined_length() &&
        e.vr.has_long_length())
      return fragments(e);
    value_header(e.vr, static_cast<uint32_t>(e.value.size()));
    const auto at = out_.size();
    append(e.value);
    if (big_ && e.vr != Vr("UN")) swap(at, number_width(e.vr));
  }

  void fragments(const dicom::Element& e) {
    value_header(e.vr, kUndefinedLength);
    Bytes rest = e.value;
    while (!rest.empty()) {
      Bytes item;
      rest = rest.subspan(DataSetView::parse_item(rest, item, 1));
      tag(dicom::kItem);
      u32(static_cast<uint32_t>(item.size()));
      append(item);
    }
    tag(dicom::kSequenceDelimitation);
    u32(0);
  }

  std::size_t begin_value(Vr vr) {
    value_header(vr, 0);
    return out_.size();
  }
  void end_value(std::size_t start) {
    const auto length = static_cast<uint32_t>(out_.size() - start);
    const auto end = out_.size();
    u32(length);
    std::copy(out_.begin() + static_cast<std::ptrdiff_t>(end), out_.end(),
              out_.begin() + static_cast<std::ptrdiff_t>(start) - 4);
    out_.resize(end);
  }
  void value_header(Vr vr, uint32_t length) {
    if (!big_) return u32(length);
    out_.push_back(static_cast<std::byte>(vr.first()));
    out_.push_back(static_cast<std::byte>(vr.second()));
    if (!vr.has_long_length()) return u16(static_cast<uint16_t>(length));
    u16(0);
    u32(length);
  }
  void swap(std::size_t from, std::size_t width) {
    if (width == 1) return;
    for (auto at = out_.begin() + static_cast<std::ptrdiff_t>(from);
         out_.end() - at >= static_cast<std::ptrdiff_t>(width); at += static_cast<std::ptrdiff_t>(width))
      std::reverse(at, at + static_cast<std::ptrdiff_t>(width));
  }
  void append(Bytes bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  void tag(Tag t) {
    u16(t.group());
    u16(t.element());
  }
  void u16(uint16_t v) {
    const auto low = static_cast<std::byte>(v & 0xff);
    const auto high = static_cast<std::byte>(v >> 8);
    out_.push_back(big_ ? high : low);
    out_.push_back(big_ ? low : high);
  }
  void u32(uint32_t v) {
    u16(static_cast<uint16_t>(big_ ? v >> 16 : v & 0xffff));
    u16(static_cast<uint16_t>(big_ ? v & 0xffff : v >> 16));
  }

  const bool big_;
  std::vector<std::byte> out_;
};

}  // namespace

std::vector<std::byte> encode_header(Bytes canonical, Encoding encoding) {
  if (encoding == Encoding::explicit_little) return {canonical.begin(), canonical.end()};
  Encoder encoder(encoding);
  encoder.data_set(DataSetView(canonical));
  return encoder.take();
}

}  // namespace fermata::archive
