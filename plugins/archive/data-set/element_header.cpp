#include "data-set/element_header.hpp"

#include "fermata/dicom/written_vr.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

using dicom::Tag;
using dicom::Vr;

uint16_t u16(std::span<const std::byte> b, std::size_t at, bool big) {
  const auto first = std::to_integer<unsigned>(b[at]);
  const auto second = std::to_integer<unsigned>(b[at + 1]);
  return static_cast<uint16_t>(big ? first << 8 | second : second << 8 | first);
}

uint32_t u32(std::span<const std::byte> b, std::size_t at, bool big) {
  const uint32_t first = u16(b, at, big);
  const uint32_t second = u16(b, at + 2, big);
  return big ? first << 16 | second : second << 16 | first;
}

Tag tag_at(std::span<const std::byte> b, bool big) { return {u16(b, 0, big), u16(b, 2, big)}; }

std::optional<dicom::WrittenVr> written_vr(std::span<const std::byte> head) {
  return dicom::written_vr(static_cast<char>(head[4]), static_cast<char>(head[5]));
}

}  // namespace

DataSetEncoding encoding_of(std::string_view uid) {
  if (uid == "1.2.840.10008.1.2" || uid == "1.2.840.10008.1.20" || uid == "1.2.840.113619.5.2")
    return {Encoding::implicit_little, false};
  if (uid == "1.2.840.10008.1.2.2") return {Encoding::explicit_big, false};
  if (uid == "1.2.840.10008.1.2.1.99" || uid == "1.2.840.10008.1.2.4.95" || uid == "1.2.840.10008.1.2.4.205")
    return {Encoding::explicit_little, true};
  return {Encoding::explicit_little, false};
}

std::size_t header_size(std::span<const std::byte> head, Encoding encoding) {
  if (encoding == Encoding::implicit_little) return kShortHeader;
  if (tag_at(head, encoding == Encoding::explicit_big).group() == 0xfffe) return kShortHeader;
  const auto written = written_vr(head);
  if (!written) not_understood("the data set is not encoded in its transfer syntax");
  return written->long_length ? kLongHeader : kShortHeader;
}

ElementHeader decode_header(std::span<const std::byte> head, Encoding encoding) {
  const bool big = encoding == Encoding::explicit_big;
  ElementHeader header;
  header.tag = tag_at(head, big);
  if (encoding == Encoding::implicit_little || header.tag.group() == 0xfffe) {
    header.length = u32(head, 4, big);
    return header;
  }
  header.vr = written_vr(head).value_or(dicom::WrittenVr{"UN"}).vr;
  header.length = head.size() == kLongHeader ? u32(head, 8, big) : u16(head, 6, big);
  return header;
}

bool is_binary_bulk(Vr vr) {
  return vr == Vr("OB") || vr == Vr("OW") || vr == Vr("OF") || vr == Vr("OD") || vr == Vr("OL") || vr == Vr("OV") ||
         vr == Vr("UN");
}

bool is_pixel_data(Tag tag) {
  return tag.group() == 0x7fe0 && (tag.element() == 0x0008 || tag.element() == 0x0009 || tag.element() == 0x0010);
}

std::size_t number_width(Vr vr) {
  switch (vr.code) {
    case Vr("AT").code:
    case Vr("OW").code:
    case Vr("SS").code:
    case Vr("US").code:
      return 2;
    case Vr("FL").code:
    case Vr("OF").code:
    case Vr("OL").code:
    case Vr("SL").code:
    case Vr("UL").code:
      return 4;
    case Vr("FD").code:
    case Vr("OD").code:
    case Vr("OV").code:
    case Vr("SV").code:
    case Vr("UV").code:
      return 8;
    default:
      return 1;
  }
}

}  // namespace fermata::archive
