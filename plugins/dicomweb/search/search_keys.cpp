#include "search/search_keys.hpp"

#include <algorithm>

#include "fermata/dicom/date_time.hpp"
#include "fermata/error.hpp"
#include "store/value_encoder.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;
using dicom::Vr;

constexpr std::size_t kDeepestSequence = 64;

/// Values have no comma in them, so that one stands between two. (The standard says so of UIDs only.)
bool takes_comma_lists(Vr vr) { return vr == Vr("UI") || vr == Vr("CS"); }

[[noreturn]] void refuse(const std::string& what) { throw Error(Code::invalid, what); }

void check_moment(Vr vr, std::string_view text) {
  const bool valid = vr == Vr("DA")   ? dicom::date_interval(text).has_value()
                     : vr == Vr("TM") ? dicom::time_interval(text).has_value()
                                      : dicom::date_time_interval(text).has_value();
  if (!valid && text.find_first_not_of('*') != text.npos)
    refuse(vr == Vr("DA")   ? "it is no date: write YYYYMMDD, or two with - between for a range"
           : vr == Vr("TM") ? "it is no time: write HHMMSS, or two with - between for a range"
                            : "it is no date and time: write YYYYMMDDHHMMSS, or two with - between for a range");
}

/// Ranges are the index' to check.
void check_text(Vr vr, std::string_view text) {
  const bool temporal = vr == Vr("DA") || vr == Vr("TM") || vr == Vr("DT");
  if (temporal && !text.empty() && text.find('-') == text.npos && text.find('\\') == text.npos) check_moment(vr, text);
}

std::vector<std::byte> encode_binary(Vr vr, std::string_view text) {
  std::vector<TextValue> values;
  while (!text.empty()) {
    const auto end = std::min(text.find('\\'), text.size());
    values.push_back({TextValue::Kind::text, text.substr(0, end)});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return encode_values(vr, values);
}

}  // namespace

std::optional<AttributePath> parse_attribute(std::string_view text, const AttributeDictionary& dictionary) {
  AttributePath path;
  for (;;) {
    const auto dot = std::min(text.find('.'), text.size());
    const auto name = text.substr(0, dot);
    auto tag = parse_tag(name);
    if (!tag) tag = dictionary.tag(name);
    if (!tag || path.size() > kDeepestSequence) return {};
    path.push_back(*tag);
    if (dot == text.size()) return path;
    const auto vr = dictionary.vr(*tag);
    if (vr != Vr("SQ") && vr != Vr("UN")) return {};
    text.remove_prefix(dot + 1);
  }
}

SearchKeys::Key& SearchKeys::find_or_add(const AttributePath& path) {
  Keys* keys = &keys_;
  for (const auto& tag : path) {
    auto& key = (*keys)[tag];
    const bool encloses = &tag != &path.back();
    if (encloses || key.vr == Vr()) key.vr = encloses ? Vr("SQ") : dictionary_.vr(tag);
    // Nobody knows what a private attribute holds: text compares with most of what it can be.
    if (key.vr == Vr("UN")) key.vr = "LO";
    if (!encloses) return key;
    keys = &key.items;
  }
  refuse("it names no attribute");
}

void SearchKeys::add_return_key(const AttributePath& path) { find_or_add(path); }

void SearchKeys::add_matching_key(const AttributePath& path, std::string_view value) {
  auto& key = find_or_add(path);
  if (value.empty()) return;
  if (key.vr == Vr("SQ")) refuse("it is a sequence: match an attribute of its items, such as SEQUENCE.ATTRIBUTE=value");
  if (!key.text.empty() && !takes_comma_lists(key.vr)) refuse("it is there twice");
  std::string text(value);
  if (takes_comma_lists(key.vr)) std::replace(text.begin(), text.end(), ',', '\\');
  check_text(key.vr, text);
  if (!key.vr.is_string()) encode_binary(key.vr, text);  // now, while it is known which parameter it is
  if (!key.text.empty()) key.text += '\\';
  key.text += text;
}

void SearchKeys::restrict(Tag tag, std::string_view uid) { keys_[tag] = {Vr("UI"), std::string(uid), {}}; }

void SearchKeys::encode(const Keys& keys, dicom::DataSetWriter& to) {
  for (const auto& [tag, key] : keys) {
    if (key.vr != Vr("SQ")) {
      if (key.vr.is_string())
        to.add(tag, key.vr, key.text);
      else
        to.add(tag, key.vr, encode_binary(key.vr, key.text));
      continue;
    }
    to.begin_sequence(tag);
    if (!key.items.empty()) {
      to.begin_item();
      encode(key.items, to);
      to.end();
    }
    to.end();
  }
}

std::vector<std::byte> SearchKeys::identifier() const {
  dicom::DataSetWriter writer;
  encode(keys_, writer);
  return writer.take();
}

}  // namespace fermata::dicomweb
