#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "fermata/dicom/tag.hpp"
#include "fermata/error.hpp"

namespace fermata::dicom {

class ItemRange;

/// One Data Element. `value` is the value field; of a sequence it is its items, without the delimiters.
struct Element {
  Tag tag;
  Vr vr;
  std::span<const std::byte> value;

  /// The value as characters, without trailing padding (space or NUL).
  std::string_view text() const {
    std::string_view s(reinterpret_cast<const char*>(value.data()), value.size());
    while (!s.empty() && (s.back() == ' ' || s.back() == '\0')) s.remove_suffix(1);
    return s;
  }
  /// Number `i` of a binary value of 16, 32 or 64 bits, little endian. Error invalid past the end.
  template <class Number>
  Number number(std::size_t i = 0) const {
    if ((i + 1) * sizeof(Number) > value.size()) throw Error(Code::invalid, "a data element has fewer values");
    std::make_unsigned_t<Number> n = 0;
    for (std::size_t b = sizeof(Number); b-- > 0;)
      n = static_cast<std::make_unsigned_t<Number>>(n << 8 | std::to_integer<uint8_t>(value[i * sizeof(Number) + b]));
    return static_cast<Number>(n);
  }
  inline ItemRange items() const;
};

/// Reads PS3.5 Explicit VR Little Endian in place: nothing is copied or allocated.
///
/// **Thread**: read only, any. **Ownership**: borrows the bytes. **Errors**: Error corrupt where the bytes are no data
/// set. Defined and undefined lengths of sequences and items are both read (PS3.5 7.5); depth is limited to 64.
class DataSetView {
 public:
  DataSetView() = default;
  explicit DataSetView(std::span<const std::byte> bytes) : bytes_(bytes) {}
  std::span<const std::byte> bytes() const { return bytes_; }
  bool empty() const { return bytes_.empty(); }

  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(std::span<const std::byte> rest) : rest_(rest) { read(); }
    const Element& operator*() const { return element_; }
    const Element* operator->() const { return &element_; }
    Iterator& operator++() {
      rest_ = rest_.subspan(used_);
      read();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& i, std::default_sentinel_t) { return i.used_ == 0; }
    /// The element as encoded, header included.
    std::span<const std::byte> encoded() const { return rest_.first(used_); }

   private:
    void read() { used_ = rest_.empty() ? 0 : parse(rest_, element_, 0); }
    std::span<const std::byte> rest_;
    std::size_t used_ = 0;
    Element element_;
  };

  Iterator begin() const { return Iterator(bytes_); }
  std::default_sentinel_t end() const { return {}; }

  std::optional<Element> find(Tag tag) const {
    for (const auto& element : *this) {
      if (element.tag == tag) return element;
      if (tag < element.tag) break;
    }
    return {};
  }
  /// The value as characters without padding; empty where the element is absent.
  std::string_view text(Tag tag) const {
    const auto element = find(tag);
    return element ? element->text() : std::string_view{};
  }

  /// Parses one element at the start of `from` and returns its encoded length.
  static std::size_t parse(std::span<const std::byte> from, Element& out, int depth) {
    if (from.size() < 8) fail();
    out.tag = tag_at(from);
    out.vr = Vr(static_cast<char>(from[4]), static_cast<char>(from[5]));
    std::size_t header = 8;
    uint64_t length = u16(from, 6);
    if (out.vr.has_long_length()) {
      header = 12;
      if (from.size() < header) fail();
      length = u32(from, 8);
    }
    if (length != 0xffffffffu) {
      if (length > from.size() - header) fail();
      out.value = from.subspan(header, static_cast<std::size_t>(length));
      return header + static_cast<std::size_t>(length);
    }
    const auto rest = from.subspan(header);
    const std::size_t items = items_length(rest, depth + 1);
    out.value = rest.first(items);
    return header + items + 8;
  }

  /// Parses one item at the start of `from`; `out` gets its content. Returns its encoded length.
  static std::size_t parse_item(std::span<const std::byte> from, std::span<const std::byte>& out, int depth) {
    if (depth > kMaximumDepth || from.size() < 8 || tag_at(from) != kItem) fail();
    const uint64_t length = u32(from, 4);
    const auto rest = from.subspan(8);
    if (length != 0xffffffffu) {
      if (length > rest.size()) fail();
      out = rest.first(static_cast<std::size_t>(length));
      return 8 + static_cast<std::size_t>(length);
    }
    std::size_t at = 0;
    Element element;
    for (;;) {
      if (rest.size() - at < 8) fail();
      if (tag_at(rest.subspan(at)) == kItemDelimitation) break;
      at += parse(rest.subspan(at), element, depth);
    }
    out = rest.first(at);
    return 8 + at + 8;
  }

 private:
  static constexpr int kMaximumDepth = 64;
  [[noreturn]] static void fail() {
    throw Error(Code::corrupt, "these bytes are no Explicit VR Little Endian data set");
  }
  static uint16_t u16(std::span<const std::byte> b, std::size_t at) {
    return static_cast<uint16_t>(std::to_integer<unsigned>(b[at]) | std::to_integer<unsigned>(b[at + 1]) << 8);
  }
  static uint32_t u32(std::span<const std::byte> b, std::size_t at) {
    return uint32_t{u16(b, at)} | uint32_t{u16(b, at + 2)} << 16;
  }
  static Tag tag_at(std::span<const std::byte> b) { return {u16(b, 0), u16(b, 2)}; }
  /// Length of the items of a sequence of undefined length, up to its delimiter.
  static std::size_t items_length(std::span<const std::byte> from, int depth) {
    std::size_t at = 0;
    std::span<const std::byte> item;
    for (;;) {
      if (from.size() - at < 8) fail();
      if (tag_at(from.subspan(at)) == kSequenceDelimitation) return at;
      at += parse_item(from.subspan(at), item, depth);
    }
  }

  std::span<const std::byte> bytes_;
};

/// The items of a sequence, each a data set.
class ItemRange {
 public:
  explicit ItemRange(std::span<const std::byte> bytes) : bytes_(bytes) {}
  class Iterator {
   public:
    using value_type = DataSetView;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    explicit Iterator(std::span<const std::byte> rest) : rest_(rest) { read(); }
    DataSetView operator*() const { return DataSetView(item_); }
    Iterator& operator++() {
      rest_ = rest_.subspan(used_);
      read();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& i, std::default_sentinel_t) { return i.used_ == 0; }

   private:
    void read() { used_ = rest_.empty() ? 0 : DataSetView::parse_item(rest_, item_, 1); }
    std::span<const std::byte> rest_;
    std::span<const std::byte> item_;
    std::size_t used_ = 0;
  };
  Iterator begin() const { return Iterator(bytes_); }
  std::default_sentinel_t end() const { return {}; }
  bool empty() const { return bytes_.empty(); }

 private:
  std::span<const std::byte> bytes_;
};

inline ItemRange Element::items() const { return ItemRange(value); }

}  // namespace fermata::dicom
