#include "actions.hpp"

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/normalise.hpp"
#include "label.hpp"

namespace fermata::ingest_rules {
namespace {

void set_text(IngestContext& context, const Attribute& attribute, std::string_view text) {
  const char vr[] = {attribute.vr.first(), attribute.vr.second(), '\0'};
  context.set_element(attribute.tag.value, vr, std::as_bytes(std::span(text.data(), text.size())));
}

/// In front of every value; an attribute without one stays without.
std::string prefixed(dicom::Vr vr, std::string_view text, std::string_view prefix) {
  const bool several = dicom::may_have_several_values(vr);
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = several ? std::min(text.find('\\', begin), text.size()) : text.size();
    auto value = text.substr(begin, end - begin);
    // Spaces in front are no part of a value that may be one of several (PS3.5 6.2); behind a prefix they would be.
    if (several) value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    if (begin > 0) out += '\\';
    if (!value.empty() && !value.starts_with(prefix)) out += prefix;
    out += value;
    begin = end + 1;
  }
  return out;
}

}  // namespace

bool Actions::empty() const {
  return !refusal && remove.empty() && set.empty() && set_if_empty.empty() && add_prefix.empty() && labels.empty();
}

void Actions::apply(IngestContext& context) const {
  if (refusal) return context.refuse(*refusal);
  for (const auto& attribute : remove)
    if (const auto tag = attribute.tag_in(dicom::DataSetView(context.header()))) context.remove_element(tag->value);
  for (const auto& [attribute, value] : set)
    if (dicom::DataSetView(context.header()).text(attribute.tag) != value) set_text(context, attribute, value);
  for (const auto& [attribute, value] : set_if_empty)
    if (dicom::DataSetView(context.header()).text(attribute.tag).empty()) set_text(context, attribute, value);
  for (const auto& [attribute, prefix] : add_prefix) {
    const std::string text(dicom::DataSetView(context.header()).text(attribute.tag));
    if (const auto with = prefixed(attribute.vr, text, prefix); with != text) set_text(context, attribute, with);
  }
  if (!labels.empty()) add_labels(context, labels);
}

}  // namespace fermata::ingest_rules
