#include "file_head.hpp"

#include <algorithm>
#include <string_view>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::instance_files {
namespace {

using dicom::Tag;
using dicom::Vr;

constexpr std::size_t kLargest = 1 << 20;
constexpr uint16_t kMetaGroup = 0x0002;

[[noreturn]] void fail(const std::string& why) { throw Error(Code::corrupt, "this is no DICOM file: " + why); }

}  // namespace

bool FileHead::feed(std::span<const std::byte>& data) {
  while (stage_ != Stage::complete) {
    const auto count = std::min(needed_ - held_.size(), data.size());
    held_.insert(held_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(count));
    data = data.subspan(count);
    if (held_.size() < needed_) return false;
    advance();
  }
  return true;
}

void FileHead::finish() {
  if (stage_ == Stage::complete) return;
  if (stage_ != Stage::group || held_.size() != element_ || element_ < announced_end_) fail("it ends within its head");
  complete();
}

std::span<const std::byte> FileHead::surplus() const { return std::span(held_).subspan(element_); }

void FileHead::advance() {
  switch (stage_) {
    case Stage::prefix:
      if (std::string_view(reinterpret_cast<const char*>(held_.data()) + 128, 4) != "DICM")
        fail("the prefix DICM is missing");
      return begin_group();
    case Stage::group:
      if (number(element_, 2) != kMetaGroup) return complete();
      stage_ = Stage::short_header;
      needed_ = element_ + 8;
      return;
    case Stage::short_header: {
      const Vr vr(static_cast<char>(held_[element_ + 4]), static_cast<char>(held_[element_ + 5]));
      if (!vr.has_long_length()) return begin_value(8, number(element_ + 6, 2));
      stage_ = Stage::long_header;
      needed_ = element_ + 12;
      return;
    }
    case Stage::long_header:
      return begin_value(12, number(element_ + 8, 4));
    case Stage::value:
      return end_value();
    case Stage::complete:
      return;
  }
}

void FileHead::begin_value(std::size_t header, uint64_t length) {
  if (length > kLargest || element_ + header + length > kLargest) fail("its meta information is too long");
  stage_ = Stage::value;
  needed_ = element_ + header + static_cast<std::size_t>(length);
}

void FileHead::end_value() {
  dicom::Element element;
  dicom::DataSetView::parse(std::span(held_).subspan(element_), element, 0);
  const auto trimmed = [&] { return std::string(element.text()); };
  if (element.tag == Tag(kMetaGroup, 0x0000) && element.value.size() == 4)
    announced_end_ = needed_ + element.number<uint32_t>();
  else if (element.tag == Tag(kMetaGroup, 0x0002))
    sop_class_uid_ = trimmed();
  else if (element.tag == Tag(kMetaGroup, 0x0003))
    sop_instance_uid_ = trimmed();
  else if (element.tag == Tag(kMetaGroup, 0x0010))
    transfer_syntax_uid_ = trimmed();
  element_ = needed_;
  begin_group();
}

void FileHead::begin_group() {
  stage_ = Stage::group;
  needed_ = element_ + 2;
  if (element_ == announced_end_) complete();
}

void FileHead::complete() {
  if (transfer_syntax_uid_.empty()) fail("its meta information names no transfer syntax");
  stage_ = Stage::complete;
}

uint32_t FileHead::number(std::size_t at, std::size_t size) const {
  uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | std::to_integer<uint32_t>(held_[at + i]);
  return value;
}

}  // namespace fermata::instance_files
