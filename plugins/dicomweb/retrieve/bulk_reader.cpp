#include "retrieve/bulk_reader.hpp"

#include <array>

#include "fermata/dicom/written_vr.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;

constexpr uint32_t kUndefined = 0xffffffffu;
constexpr int kMaximumDepth = 64;

[[noreturn]] void fail() { throw Error(Code::corrupt, "a stored data set is damaged: run `fermata verify`"); }

/// What stands before a value.
struct Header {
  Tag tag;
  uint32_t length = 0;
  uint64_t value = 0;  ///< offset of what follows
};

class Walker {
 public:
  explicit Walker(ObjectReader& object) : object_(object) {}

  /// False at the end of the data set.
  bool element(uint64_t at, Header& header) {
    if (at == object_.length()) return false;
    read(at, 8);
    header.tag = tag();
    const auto written = dicom::written_vr(static_cast<char>(bytes_[4]), static_cast<char>(bytes_[5]));
    if (!written) fail();
    header.length = number(6, 2);
    header.value = at + 8;
    if (written->long_length) {
      read(at + 8, 4);
      header.length = number(0, 4);
      header.value = at + 12;
    }
    return true;
  }
  Header item(uint64_t at) {
    read(at, 8);
    return {tag(), number(4, 4), at + 8};
  }
  uint64_t end_of_element(const Header& header, int depth) {
    return header.length == kUndefined ? end_of_items(header.value, depth + 1) : header.value + header.length;
  }

 private:
  uint64_t end_of_items(uint64_t at, int depth) {
    if (depth > kMaximumDepth) fail();
    for (;;) {
      const auto next = item(at);
      if (next.tag == dicom::kSequenceDelimitation) return next.value;
      if (next.tag != dicom::kItem) fail();
      at = next.length == kUndefined ? end_of_item(next.value, depth) : next.value + next.length;
    }
  }
  uint64_t end_of_item(uint64_t at, int depth) {
    for (Header header;;) {
      if (!element(at, header)) fail();
      if (header.tag == dicom::kItemDelimitation) return at + 8;
      at = end_of_element(header, depth);
    }
  }
  void read(uint64_t at, std::size_t count) {
    std::size_t got = 0;
    while (got < count) {
      const auto more = object_.read_at(at + got, std::span(bytes_).subspan(got, count - got));
      if (more == 0) fail();
      got += static_cast<std::size_t>(more);
    }
  }
  uint32_t number(std::size_t at, std::size_t size) const {
    uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = value << 8 | std::to_integer<uint32_t>(bytes_[at + i]);
    return value;
  }
  Tag tag() const { return {static_cast<uint16_t>(number(0, 2)), static_cast<uint16_t>(number(2, 2))}; }

  ObjectReader& object_;
  std::array<std::byte, 12> bytes_{};
};

}  // namespace

std::optional<ValuePlace> find_value(ObjectReader& data_set, Tag tag) {
  Walker walker(data_set);
  Header header;
  for (uint64_t at = 0; walker.element(at, header); at = walker.end_of_element(header, 0)) {
    if (header.tag == tag && header.length != kUndefined) return ValuePlace{header.value, header.length};
    if (tag <= header.tag) return {};
  }
  return {};
}

template <class Use>
void Fragments::each(Use use) const {
  Walker walker(object_);
  auto item = walker.item(offset_);  // the Basic Offset Table
  for (;;) {
    if (item.tag != dicom::kItem || item.length == kUndefined) fail();
    item = walker.item(item.value + item.length);
    if (item.tag == dicom::kSequenceDelimitation) return;
    use(item.value, item.length);
  }
}

Fragments::Fragments(ObjectReader& object, uint64_t offset) : object_(object), offset_(offset) {
  each([&](uint64_t, uint64_t length) { length_ += length; });
}

void Fragments::write_to(instance_files::BodyWriter& body) const {
  each([&](uint64_t at, uint64_t length) { body.add(object_, at, length); });
}

}  // namespace fermata::dicomweb
