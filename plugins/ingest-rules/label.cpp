#include "label.hpp"

#include <algorithm>
#include <array>
#include <sstream>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::ingest_rules {
namespace {

using dicom::Tag;

constexpr uint16_t kGroup = 0x0013;

/// The creator's own block, or else the first that is nobody's and in which nothing stands.
uint16_t block_in(dicom::DataSetView header) {
  std::array<bool, 0x100> taken{};
  for (const auto& element : header) {
    const Tag tag = element.tag;
    if (tag.group() != kGroup) continue;
    if (!tag.is_private_creator()) {
      taken[tag.element() >> 8] = true;
    } else {
      if (element.text() == kLabelCreator) return tag.element();
      taken[tag.element()] = true;
    }
  }
  for (uint16_t block = 0x10; block <= 0xff; ++block)
    if (!taken[block]) return block;
  throw Error(Code::unsupported, "the object has no private block left for labels");
}

std::vector<std::string> values(std::string_view text) {
  std::vector<std::string> list;
  std::istringstream in{std::string(text)};
  for (std::string value; std::getline(in, value, '\\');)
    if (!value.empty()) list.push_back(value);
  return list;
}

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }

}  // namespace

void add_labels(IngestContext& context, const std::vector<std::string>& labels) {
  const dicom::DataSetView header(context.header());
  const auto block = block_in(header);
  const Tag tag(kGroup, static_cast<uint16_t>(block << 8 | 0x01));
  auto all = values(header.text(tag));
  const auto before = all.size();
  for (const auto& label : labels)
    if (std::find(all.begin(), all.end(), label) == all.end()) all.push_back(label);
  if (all.size() == before) return;
  std::string joined;
  for (const auto& value : all) joined += (joined.empty() ? "" : "\\") + value;
  context.set_element(Tag(kGroup, block).value, "LO", bytes(kLabelCreator));
  context.set_element(tag.value, "LO", bytes(joined));
}

}  // namespace fermata::ingest_rules
