#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::dicom {

/// Writes PS3.5 Explicit VR Little Endian. Elements must come in ascending order of their tags; this is not checked.
/// Sequences and items get defined lengths, values are padded to even length (PS3.5 6.2).
///
/// **Thread**: one at a time. **Ownership**: owns the bytes. **Errors**: invalid (a value too long for its VR's length
/// field).
class DataSetWriter {
 public:
  void add(Tag tag, Vr vr, std::span<const std::byte> value) {
    const bool odd = value.size() % 2 != 0;
    begin(tag, vr, value.size() + (odd ? 1 : 0));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
    if (odd) bytes_.push_back(vr.is_string() && !(vr == Vr("UI")) ? std::byte{' '} : std::byte{0});
  }
  void add(Tag tag, Vr vr, std::string_view text) { add(tag, vr, std::as_bytes(std::span(text.data(), text.size()))); }
  void add_empty(Tag tag, Vr vr) { begin(tag, vr, 0); }
  void add_u16(Tag tag, uint16_t v) {
    begin(tag, Vr("US"), 2);
    u16(v);
  }
  void add_u32(Tag tag, uint32_t v) {
    begin(tag, Vr("UL"), 4);
    u32(v);
  }
  /// An element that is encoded already, header included (DataSetView::Iterator::encoded).
  void add_encoded(std::span<const std::byte> element) { bytes_.insert(bytes_.end(), element.begin(), element.end()); }

  /// begin_sequence, then for each item begin_item ... end, then end.
  void begin_sequence(Tag tag) {
    begin(tag, Vr("SQ"), 0);
    open_.push_back(bytes_.size());
  }
  void begin_item() {
    put_tag(kItem);
    u32(0);
    open_.push_back(bytes_.size());
  }
  /// Ends the innermost open sequence or item.
  void end() {
    const std::size_t start = open_.back();
    open_.pop_back();
    const std::size_t length = bytes_.size() - start;
    if (length > 0xfffffffeu) throw Error(Code::invalid, "a sequence is longer than 4 GiB");
    for (unsigned i = 0; i < 4; ++i) bytes_[start - 4 + i] = static_cast<std::byte>(length >> (8 * i) & 0xff);
  }

  std::span<const std::byte> bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::move(bytes_); }
  /// Makes room for so many bytes in all.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  /// Forgets what was written and keeps the memory.
  void clear() {
    bytes_.clear();
    open_.clear();
  }

 private:
  void begin(Tag tag, Vr vr, std::size_t length) {
    put_tag(tag);
    bytes_.push_back(static_cast<std::byte>(vr.first()));
    bytes_.push_back(static_cast<std::byte>(vr.second()));
    if (vr.has_long_length()) {
      if (length > 0xfffffffeu) throw Error(Code::invalid, "a value is longer than 4 GiB");
      u16(0);
      u32(static_cast<uint32_t>(length));
    } else {
      if (length > 0xffff) throw Error(Code::invalid, "a value is longer than its Value Representation allows (65534)");
      u16(static_cast<uint16_t>(length));
    }
  }
  void put_tag(Tag tag) {
    u16(tag.group());
    u16(tag.element());
  }
  void u16(uint16_t v) {
    bytes_.push_back(static_cast<std::byte>(v & 0xff));
    bytes_.push_back(static_cast<std::byte>(v >> 8));
  }
  void u32(uint32_t v) {
    u16(static_cast<uint16_t>(v & 0xffff));
    u16(static_cast<uint16_t>(v >> 16));
  }

  std::vector<std::byte> bytes_;
  std::vector<std::size_t> open_;
};

}  // namespace fermata::dicom
