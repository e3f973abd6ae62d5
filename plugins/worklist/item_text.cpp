#include "item_text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "attribute_names.hpp"
#include "attributes.hpp"
#include "fermata/dicom/character_repertoire.hpp"
#include "fermata/dicom/date_time.hpp"
#include "fermata/dicom/editable_data_set.hpp"
#include "fermata/error.hpp"

namespace fermata::worklist {
namespace {

using dicom::EditableDataSet;
using dicom::Vr;

constexpr int kDeepest = 8;

[[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) {
  throw Error(Code::invalid,
              "line " + std::to_string(mark.line + 1) + ", column " + std::to_string(mark.column + 1) + ": " + message);
}
[[noreturn]] void fail(const YAML::Node& node, const std::string& message) { fail(node.Mark(), message); }

/// Characters that a value may have (PS3.5 table 6.2-1); 0: not limited here.
std::size_t longest(Vr vr) {
  if (vr == Vr("AE") || vr == Vr("CS") || vr == Vr("SH") || vr == Vr("DS")) return 16;
  if (vr == Vr("LO") || vr == Vr("UI")) return 64;
  if (vr == Vr("IS")) return 12;
  if (vr == Vr("ST")) return 1024;
  if (vr == Vr("LT")) return 10240;
  return 0;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<uint8_t>(c) & 0xc0) != 0x80; }));
}

bool is_iso_date(std::string_view text) { return text.size() == 10 && text[4] == '-' && text[7] == '-'; }

std::string date(const YAML::Node& node, std::string text) {
  if (is_iso_date(text)) std::erase(text, '-');
  const auto interval = dicom::date_interval(text);
  const bool whole = interval && interval->low == interval->high;
  if (!whole || text.substr(4, 2) > "12" || text.substr(4, 2) == "00" || text.substr(6, 2) > "31" ||
      text.substr(6, 2) == "00")
    fail(node, "\"" + node.Scalar() + "\" is no date: write YYYYMMDD, such as 20240131, or 2024-01-31");
  return text;
}

std::string time(const YAML::Node& node, std::string text) {
  std::erase(text, ':');
  if (!dicom::time_interval(text) || text.substr(0, 2) > "23" || (text.size() > 2 && text.substr(2, 2) > "59"))
    fail(node, "\"" + node.Scalar() + "\" is no time: write HHMM or HHMMSS, such as 0815, or 08:15");
  return text;
}

std::string one_value(const YAML::Node& node, Vr vr, std::string text) {
  if (text.empty()) return text;
  if (vr == Vr("DA")) return date(node, std::move(text));
  if (vr == Vr("TM")) return time(node, std::move(text));
  const auto limit = longest(vr);
  const auto length = characters(text);
  if (limit != 0 && length > limit)
    fail(node, "the value has " + std::to_string(length) + " characters, but at most " + std::to_string(limit) +
                   " are allowed here");
  return text;
}

/// A Person Name of the DICOM JSON Model.
std::string person_name(const YAML::Node& node) {
  std::string name;
  for (const char* group : {"Alphabetic", "Ideographic", "Phonetic"}) {
    if (const auto part = node[group]; part && part.IsScalar()) name += part.Scalar();
    name += '=';
  }
  name.erase(name.find_last_not_of('=') + 1);
  return name;
}

template <class Number>
void append_number(const YAML::Node& node, std::string& to) {
  Number number{};
  const auto& text = node.Scalar();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    fail(node, "\"" + text + "\" is no number that fits here");
  static_assert(std::endian::native == std::endian::little);
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// Whether the VR is one of binary numbers; appends the value then.
bool append_binary(const YAML::Node& node, Vr vr, std::string& to) {
  if (vr == Vr("US")) return append_number<uint16_t>(node, to), true;
  if (vr == Vr("SS")) return append_number<int16_t>(node, to), true;
  if (vr == Vr("UL")) return append_number<uint32_t>(node, to), true;
  if (vr == Vr("SL")) return append_number<int32_t>(node, to), true;
  if (vr == Vr("FL")) return append_number<float>(node, to), true;
  if (vr == Vr("FD")) return append_number<double>(node, to), true;
  return false;
}

class Reader {
 public:
  EditableDataSet data_set(const YAML::Node& map, int depth) {
    if (!map.IsMap()) fail(map, "here must be attributes with their values, such as \"PatientID: 4711\"");
    if (depth > kDeepest) fail(map, "sequences are nested too deeply");
    EditableDataSet result;
    for (const auto& entry : map) element(result, entry.first, entry.second, depth);
    return result;
  }

 private:
  void element(EditableDataSet& to, const YAML::Node& key, const YAML::Node& given, int depth) {
    const auto attribute = attribute_named(key.IsScalar() ? key.Scalar() : "");
    if (!attribute)
      fail(key, "there is no attribute \"" + (key.IsScalar() ? key.Scalar() : std::string("?")) +
                    "\": write a keyword of PS3.6, such as PatientName, or a tag, such as 00100010");
    if (attribute->tag == dicom::kSpecificCharacterSet) return;  // the file is UTF-8
    const bool json_model = given.IsMap() && given["vr"];
    const YAML::Node value = json_model ? given["Value"] : given;
    if (attribute->vr == Vr("SQ"))
      sequence(to, attribute->tag, value, depth);
    else
      to.set(attribute->tag, attribute->vr, text(value, attribute->vr));
  }

  void sequence(EditableDataSet& to, dicom::Tag tag, const YAML::Node& value, int depth) {
    std::vector<EditableDataSet> items;
    if (value && value.IsMap())
      items.push_back(data_set(value, depth + 1));
    else if (value && value.IsSequence())
      for (const auto& item : value) items.push_back(data_set(item, depth + 1));
    else if (value && !value.IsNull())
      fail(value, "here must be a list of items, each with its attributes");
    to.set_items(tag, items);
  }

  std::string text(const YAML::Node& value, Vr vr) {
    if (!value || value.IsNull()) return {};
    if (!value.IsSequence()) return single(value, vr);
    std::string all;
    bool first = true;
    for (const auto& part : value) {
      if (!first && vr.is_string()) all += '\\';
      first = false;
      all += single(part, vr);
    }
    return all;
  }

  std::string single(const YAML::Node& value, Vr vr) {
    if (value.IsNull()) return {};
    if (vr == Vr("PN") && value.IsMap()) return person_name(value);
    if (!value.IsScalar()) fail(value, "here must be a text or a list of texts");
    std::string result;
    if (append_binary(value, vr, result)) return result;
    if (!vr.is_string()) fail(value, "values of this attribute can't be written as text");
    return one_value(value, vr, value.Scalar());
  }
};

/// Moves what belongs to the step into each item of the sequence, where that has no value of its own.
void place_step_attributes(EditableDataSet& request) {
  EditableDataSet outside;
  const auto bytes = request.bytes();
  const dicom::DataSetView view(bytes);
  for (auto it = view.begin(); it != view.end(); ++it) {
    if (!attribute::is_of_step(it->tag)) continue;
    outside.set_encoded(it->tag, it.encoded());
    request.erase(it->tag);
  }
  std::vector<EditableDataSet> steps;
  if (const auto sequence = view.find(attribute::kScheduledProcedureStepSequence))
    for (const auto item : sequence->items()) steps.emplace_back(item);
  if (steps.empty()) steps.emplace_back();
  const auto outside_bytes = outside.bytes();
  for (auto& step : steps) {
    const dicom::DataSetView common(outside_bytes);
    for (auto it = common.begin(); it != common.end(); ++it)
      if (!step.has(it->tag)) step.set_encoded(it->tag, it.encoded());
  }
  request.set_items(attribute::kScheduledProcedureStepSequence, steps);
}

std::vector<std::byte> request(const YAML::Node& node) {
  auto data_set = Reader().data_set(node, 0);
  place_step_attributes(data_set);
  return data_set.bytes();
}

YAML::Node parse(const std::string& text) {
  try {
    return YAML::Load(text);
  } catch (const YAML::ParserException& error) {
    fail(error.mark, error.msg);
  }
}

}  // namespace

std::vector<std::vector<std::byte>> requests_from_text(const std::string& text) {
  if (!dicom::is_utf8(text)) throw Error(Code::invalid, "the file is not in UTF-8: save it as that");
  const auto document = parse(text);
  std::vector<std::vector<std::byte>> requests;
  if (document.IsSequence())
    for (const auto& node : document) requests.push_back(request(node));
  else if (!document.IsNull())
    requests.push_back(request(document));
  if (requests.empty()) throw Error(Code::invalid, "the file is empty");
  return requests;
}

}  // namespace fermata::worklist
