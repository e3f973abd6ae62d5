#include "settings.hpp"

#include <algorithm>

#include "attribute_value.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/uid.hpp"

namespace fermata::ingest_rules {
namespace {

constexpr std::size_t kLongestReason = 64;  // an Error Comment, PS3.7 C
constexpr dicom::Tag kIdentifying[] = {dicom::kSopClassUid, dicom::kSopInstanceUid, dicom::kStudyInstanceUid,
                                       dicom::kSeriesInstanceUid};

std::vector<std::string> texts(const Config& config, std::string_view option) {
  std::vector<std::string> out;
  if (config.has(option))
    for (uint64_t i = 0; i < config[option].count(); ++i) out.emplace_back(config[option].item(i).string());
  return out;
}

bool is_pixel_data(dicom::Tag tag) {
  return tag == dicom::kPixelData || tag == dicom::Tag(0x7fe0, 0x0008) || tag == dicom::Tag(0x7fe0, 0x0009);
}

/// The archive's own, or not in what a rule is shown: file meta information, group lengths, bulk values.
bool is_out_of_reach(const Attribute& attribute) {
  const auto tag = attribute.tag;
  return tag.group() < 0x0008 || tag.group() >= 0xfffc || tag.is_group_length() || is_pixel_data(tag) ||
         tag == dicom::kSpecificCharacterSet;
}

Attribute visible(const std::string& name) {
  const auto attribute = attribute_named(name);
  if (is_out_of_reach(attribute))
    throw Error(Code::invalid, name +
                                   " can be no condition: a rule sees the header without file meta information, "
                                   "character set and pixel data");
  return attribute;
}

std::vector<Attribute> visible_attributes(const Config& config, std::string_view option) {
  std::vector<Attribute> out;
  for (const auto& name : texts(config, option)) out.push_back(visible(name));
  return out;
}

dicom::Key compiled_key(const std::string& name, std::span<const std::byte> identifier) {
  try {
    auto compiled = dicom::compile(dicom::DataSetView(identifier), false);
    return compiled.empty() ? dicom::Key{} : std::move(compiled.front());
  } catch (const Error& error) {
    throw Error(error.code(), name + ": " + error.what());
  }
}

/// Keys are compiled from an identifier, as those of a query are.
std::vector<AttributeKey> keys(const Config& attributes) {
  std::vector<AttributeKey> out;
  for (uint64_t i = 0; i < attributes.count(); ++i) {
    const std::string name(attributes.item(i).key());
    const auto attribute = visible(name);
    if (!attribute.vr.is_string())
      throw Error(Code::invalid, name + " is no text: only attributes with text can be compared");
    dicom::DataSetWriter identifier;
    identifier.add(attribute.tag, attribute.vr, attributes.item(i).string());
    auto compiled = compiled_key(name, identifier.bytes());
    if (compiled.kind == dicom::Key::Kind::universal)
      throw Error(Code::invalid, name + " would match every object: name it under \"present\" or \"absent\" instead");
    out.push_back({attribute, std::move(compiled)});
  }
  return out;
}

Conditions conditions(const Config& config) {
  Conditions out;
  out.calling_ae_titles = texts(config, "calling_ae_title");
  out.called_ae_titles = texts(config, "called_ae_title");
  out.protocols = texts(config, "protocol");
  for (const auto& network : texts(config, "from_network")) out.networks.push_back(IpNetwork::parse(network));
  if (config.has("attributes")) out.keys = keys(config["attributes"]);
  out.present = visible_attributes(config, "present");
  out.absent = visible_attributes(config, "absent");
  return out;
}

/// What the archive does not let a hook edit, and what would make many objects one.
Attribute editable(const std::string& name) {
  const auto attribute = attribute_named(name);
  if (std::find(std::begin(kIdentifying), std::end(kIdentifying), attribute.tag) != std::end(kIdentifying))
    throw Error(Code::invalid, name + " says which object it is: a rule can't change it");
  if (is_out_of_reach(attribute)) throw Error(Code::invalid, name + " is the archive's: a rule can't change it");
  return attribute;
}

void check_value(const Attribute& attribute, const std::string& name, const std::string& value) {
  if (!attribute.known || !attribute.vr.is_string())
    throw Error(Code::invalid, name + " can't be set: only attributes of the standard that have text can");
  if (attribute.vr == dicom::Vr("UI") && !value.empty() && !dicom::is_uid(value))
    throw Error(Code::invalid, name + " needs a UID, and \"" + value + "\" is none");
  if (const auto wrong = why_not(attribute, value); !wrong.empty())
    throw Error(Code::invalid, name + " can't have the value \"" + value + "\": " + wrong);
}

Actions::Values values(const Config& config, std::string_view option) {
  Actions::Values out;
  if (!config.has(option)) return out;
  const auto members = config[option];
  for (uint64_t i = 0; i < members.count(); ++i) {
    const std::string name(members.item(i).key());
    const std::string value(members.item(i).string());
    const auto attribute = editable(name);
    check_value(attribute, name, value);
    out.emplace_back(attribute, value);
  }
  return out;
}

Actions::Values prefixes(const Config& config) {
  auto out = values(config, "add_prefix");
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto vr = out[i].first.vr;
    if (!vr.is_text() && vr != dicom::Vr("CS") && vr != dicom::Vr("AE"))
      throw Error(Code::invalid, std::string(config["add_prefix"].item(i).key()) +
                                     " can't have a prefix: dates, times, numbers and UIDs would be none with it");
  }
  return out;
}

std::optional<std::string> refusal(const Config& config) {
  if (!config.has("refuse")) return {};
  const std::string reason(config["refuse"].string());
  if (reason.size() > kLongestReason ||
      std::any_of(reason.begin(), reason.end(), [](char c) { return c < ' ' || c > '~'; }))
    throw Error(Code::invalid, "the reason of \"refuse\" has at most 64 characters, of ASCII");
  return reason;
}

Actions actions(const Config& config) {
  Actions out;
  out.refusal = refusal(config);
  for (const auto& name : texts(config, "remove")) out.remove.push_back(editable(name));
  out.set = values(config, "set");
  out.set_if_empty = values(config, "set_if_empty");
  out.add_prefix = prefixes(config);
  out.labels = texts(config, "label");
  for (const auto& label : out.labels)
    if (label.size() > 64 ||
        std::any_of(label.begin(), label.end(), [](unsigned char c) { return c < ' ' || c == '\\' || c == 0x7f; }))
      throw Error(Code::invalid,
                  "the label \"" + label + "\" has more than 64 bytes, a backslash or a control character");
  if (out.empty()) throw Error(Code::invalid, "\"then\" says nothing to do");
  if (out.refusal && !(out.remove.empty() && out.set.empty() && out.set_if_empty.empty() && out.add_prefix.empty() &&
                       out.labels.empty()))
    throw Error(Code::invalid, "an object that is refused is not edited: give \"refuse\" alone");
  return out;
}

}  // namespace

std::vector<Rule> rules_from(const Config& config) {
  std::vector<Rule> rules;
  const auto list = config["rules"];
  for (uint64_t i = 0; i < list.count(); ++i) {
    const auto item = list.item(i);
    Rule rule;
    rule.name = item["name"].string();
    try {
      if (item.has("when")) rule.when = conditions(item["when"]);
      if (item.has("unless")) rule.unless = conditions(item["unless"]);
      if (std::any_of(rules.begin(), rules.end(), [&](const Rule& other) { return other.name == rule.name; }))
        throw Error(Code::invalid, "another one has this name: the log could not tell them apart");
      rule.actions = actions(item["then"]);
    } catch (const Error& error) {
      throw Error(error.code(), "the rule \"" + rule.name + "\": " + error.what());
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace fermata::ingest_rules
