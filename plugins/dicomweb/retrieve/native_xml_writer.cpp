#include "retrieve/native_xml_writer.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>

#include "fermata/dicom/json_value.hpp"
#include "fermata/error.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::DataSetView;
using dicom::Element;
using dicom::Tag;
using dicom::Vr;

constexpr int kMaximumDepth = 64;

/// Character data or the value of an attribute (XML 1.0 2.4, 2.11, 3.3.3).
void append_text(std::string& to, std::string_view text) {
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = dicom::json::utf8_length(text);
    if (c == '&')
      to += "&amp;";
    else if (c == '<')
      to += "&lt;";
    else if (c == '>')
      to += "&gt;";
    else if (c == '"')
      to += "&quot;";
    else if (c == '\t' || c == '\n' || c == '\r')
      ((to += "&#") += std::to_string(static_cast<int>(c))) += ';';
    else if (length == 0 || static_cast<uint8_t>(c) < 0x20 || text.starts_with("\xef\xbf\xbe") ||
             text.starts_with("\xef\xbf\xbf"))
      to += "\xef\xbf\xbd";
    else
      to.append(text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
}

void append_tag(std::string& to, Tag tag) {
  to += "00000000";
  dicom::json::put_tag(to.data() + to.size() - 8, tag);
}

void append_value(std::string& to, std::size_t number, std::string_view text) {
  ((to += "<Value number=\"") += std::to_string(number)) += "\">";
  append_text(to, text);
  to += "</Value>";
}

template <class Stored, class Number = Stored>
void append_numbers(std::string& to, const Element& element) {
  for (std::size_t i = 0; i < element.value.size() / sizeof(Stored); ++i) {
    const auto number = std::bit_cast<Number>(element.number<Stored>(i));
    std::array<char, 32> digits;
    std::string_view text;
    if constexpr (std::is_floating_point_v<Number>) {
      if (std::isnan(number)) text = "NaN";
      if (std::isinf(number)) text = number < 0 ? "-Infinity" : "Infinity";
    }
    if (text.empty()) {
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
      text = {digits.data(), static_cast<std::size_t>(end - digits.data())};
    }
    append_value(to, i + 1, text);
  }
}

void append_tags(std::string& to, const Element& element) {
  for (std::size_t i = 0; i < element.value.size() / 4; ++i) {
    std::string text;
    append_tag(text, Tag(element.number<uint16_t>(2 * i), element.number<uint16_t>(2 * i + 1)));
    append_value(to, i + 1, text);
  }
}

std::string_view trimmed(std::string_view text, bool leading) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\0')) text.remove_suffix(1);
  while (leading && !text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

template <class Each>
void for_each_part(std::string_view text, char separator, Each&& each) {
  for (;;) {
    const auto end = text.find(separator);
    each(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

void NativeXmlWriter::write(DataSetView data_set, std::span<const BulkValue> bulk, const BulkUri& uri) {
  buffer_ +=
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<NativeDicomModel xmlns=\"http://dicom.nema.org/PS3.19/models/NativeDICOM\" xml:space=\"preserve\">";
  for (const auto& element : data_set) {
    bool referred = false;
    for (; !bulk.empty() && bulk.front().tag <= element.tag.value; bulk = bulk.subspan(1)) {
      write_reference(data_set, bulk.front(), uri);
      referred = bulk.front().tag == element.tag.value;
    }
    if (!referred) write_element(data_set, element, 0);
  }
  for (const auto& value : bulk) write_reference(data_set, value, uri);
  buffer_ += "</NativeDicomModel>";
}

void NativeXmlWriter::flush() {
  if (buffer_.empty()) return;
  take_(buffer_);
  buffer_.clear();
}

void NativeXmlWriter::write_reference(DataSetView of, const BulkValue& value, const BulkUri& uri) {
  begin_attribute(of, Tag(value.tag), Vr(value.vr[0], value.vr[1]));
  if (uri) {
    uri_.clear();
    uri(uri_, value);
    buffer_ += "<BulkData uri=\"";
    append_text(buffer_, uri_);
    buffer_ += "\"/>";
  }
  end_attribute();
}

void NativeXmlWriter::write_element(DataSetView of, const Element& element, int depth) {
  if (element.tag.is_group_length()) return;
  begin_attribute(of, element.tag, element.vr);
  if (element.vr == Vr("SQ"))
    write_items(element, depth + 1);
  else
    write_value(element);
  end_attribute();
}

void NativeXmlWriter::begin_attribute(DataSetView of, Tag tag, Vr vr) {
  const bool in_block = tag.is_private() && tag.element() >= 0x1000;
  const auto creator =
      in_block ? of.text(Tag(tag.group(), static_cast<uint16_t>(tag.element() >> 8))) : std::string_view{};
  const Vr written = dicom::json::vr_to_write(vr);
  buffer_ += "<DicomAttribute tag=\"";
  append_tag(buffer_, creator.empty() ? tag : Tag(tag.group(), tag.element() & 0xff));
  buffer_ += "\" vr=\"";
  (buffer_ += written.first()) += written.second();
  if (!creator.empty()) {
    buffer_ += "\" privateCreator=\"";
    append_text(buffer_, creator);
  } else if (const auto keyword = dictionary_.keyword(tag); !keyword.empty()) {
    (buffer_ += "\" keyword=\"").append(keyword);
  }
  buffer_ += "\">";
}

void NativeXmlWriter::end_attribute() {
  buffer_ += "</DicomAttribute>";
  if (buffer_.size() >= piece_) flush();
}

void NativeXmlWriter::write_items(const Element& sequence, int depth) {
  if (depth > kMaximumDepth) throw Error(Code::corrupt, "sequences of this data set are nested too deeply");
  std::size_t number = 0;
  for (const auto item : sequence.items()) {
    ((buffer_ += "<Item number=\"") += std::to_string(++number)) += "\">";
    for (const auto& element : item) write_element(item, element, depth);
    buffer_ += "</Item>";
  }
}

void NativeXmlWriter::write_value(const Element& element) {
  const Vr vr = element.vr;
  switch (vr.code) {
    case Vr("US").code:
      return append_numbers<uint16_t>(buffer_, element);
    case Vr("SS").code:
      return append_numbers<int16_t>(buffer_, element);
    case Vr("UL").code:
      return append_numbers<uint32_t>(buffer_, element);
    case Vr("SL").code:
      return append_numbers<int32_t>(buffer_, element);
    case Vr("UV").code:
      return append_numbers<uint64_t>(buffer_, element);
    case Vr("SV").code:
      return append_numbers<int64_t>(buffer_, element);
    case Vr("FL").code:
      return append_numbers<uint32_t, float>(buffer_, element);
    case Vr("FD").code:
      return append_numbers<uint64_t, double>(buffer_, element);
    case Vr("AT").code:
      return append_tags(buffer_, element);
    default:
      break;
  }
  if (!vr.is_string()) {
    if (element.value.empty()) return;
    dicom::json::append_base64(buffer_ += "<InlineBinary>", element.value, piece_, [this] { flush(); });
    buffer_ += "</InlineBinary>";
    return;
  }
  const auto text = element.text();
  if (trimmed(text, true).empty()) return;
  if (vr == Vr("PN")) return write_person_names(text);
  if (!dicom::json::may_have_several(vr)) return append_value(buffer_, 1, text);
  std::size_t number = 0;
  for_each_part(text, '\\', [&](std::string_view value) {
    append_value(buffer_, ++number, trimmed(value, dicom::json::leads_with_padding(vr)));
  });
}

void NativeXmlWriter::write_person_names(std::string_view text) {
  std::size_t number = 0;
  for_each_part(text, '\\', [&](std::string_view name) {
    ((buffer_ += "<PersonName number=\"") += std::to_string(++number)) += "\">";
    write_person_name(name);
    buffer_ += "</PersonName>";
  });
}

void NativeXmlWriter::write_person_name(std::string_view name) {
  constexpr std::array<std::string_view, 3> groups{"Alphabetic", "Ideographic", "Phonetic"};
  constexpr std::array<std::string_view, 5> components{"FamilyName", "GivenName", "MiddleName", "NamePrefix",
                                                       "NameSuffix"};
  std::size_t group = 0;
  for_each_part(name, '=', [&](std::string_view group_text) {
    group_text = trimmed(group_text, false);
    if (group == groups.size()) return;
    const auto group_name = groups[group++];
    if (group_text.empty()) return;
    ((buffer_ += '<') += group_name) += '>';
    std::size_t component = 0;
    for_each_part(group_text, '^', [&](std::string_view text) {
      if (component == components.size()) return;
      const auto component_name = components[component++];
      if (text.empty()) return;
      ((buffer_ += '<') += component_name) += '>';
      append_text(buffer_, text);
      ((buffer_ += "</") += component_name) += '>';
    });
    ((buffer_ += "</") += group_name) += '>';
  });
}

}  // namespace fermata::dicomweb
