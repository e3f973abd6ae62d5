#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/text_decoder.hpp"
#include "fermata/dicom/too_deep.hpp"

namespace fermata::dicom {

namespace canonical_detail {

/// Cut at a whole character where the conversion made a value longer than its length field can say.
inline std::string_view fitted(std::string_view text, Vr vr) {
  if (vr.has_long_length() || text.size() <= 65534) return text;
  std::size_t end = 65534;
  while ((static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end);
}

inline constexpr int kDeepest = 64;  // sequences within sequences

inline bool rewrite(DataSetView from, TextDecoder& inherited, int depth, DataSetWriter& to) {
  if (depth > kDeepest) throw TooDeep();
  const auto own = from.find(kSpecificCharacterSet);
  std::optional<TextDecoder> own_decoder;
  if (depth > 0 && own) own_decoder.emplace(own->text());
  TextDecoder& decoder = own_decoder ? *own_decoder : inherited;
  bool ascii = true;
  for (auto it = from.begin(); it != from.end(); ++it) {
    const Element& element = *it;
    if (element.tag.is_group_length() || element.tag == kSpecificCharacterSet) continue;
    if (element.vr == Vr("SQ")) {
      to.begin_sequence(element.tag);
      for (const auto content : element.items()) {
        to.begin_item();
        ascii = rewrite(content, decoder, depth + 1, to) && ascii;
        to.end();
      }
      to.end();
      continue;
    }
    const auto text = element.text();
    if (element.vr.is_string() && (!is_ascii(text) || text.find('\x1b') != std::string_view::npos)) {
      to.add(element.tag, element.vr, fitted(decoder.decode(text, element.vr), element.vr));
      ascii = false;
    } else {
      to.add_encoded(it.encoded());
    }
  }
  return ascii;
}

}  // namespace canonical_detail

/// An Explicit VR Little Endian data set in any character set, as data sets cross between plugins: UTF-8, sequences and
/// items with defined length, no group lengths; (0008,0005) is ISO_IR 192, or absent if all text is ASCII.
/// Errors: corrupt (the bytes are no data set, or sequences within sequences go deeper than 64; the latter is a
/// TooDeep).
inline std::vector<std::byte> canonical(DataSetView data_set) {
  TextDecoder decoder(data_set.text(kSpecificCharacterSet));
  DataSetWriter body;
  if (canonical_detail::rewrite(data_set, decoder, 0, body)) return body.take();
  DataSetWriter whole;
  bool announced = false;
  for (auto it = DataSetView(body.bytes()).begin(); it != std::default_sentinel; ++it) {
    if (!announced && kSpecificCharacterSet < it->tag) {
      whole.add(kSpecificCharacterSet, Vr("CS"), "ISO_IR 192");
      announced = true;
    }
    whole.add_encoded(it.encoded());
  }
  if (!announced) whole.add(kSpecificCharacterSet, Vr("CS"), "ISO_IR 192");
  return whole.take();
}

}  // namespace fermata::dicom
