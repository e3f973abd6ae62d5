#include "store/data_set_draft.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/json_text.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;
using dicom::Vr;

constexpr uint32_t kUndefinedLength = 0xffffffff;

void put_u16(std::vector<std::byte>& to, uint16_t v) {
  to.push_back(static_cast<std::byte>(v & 0xff));
  to.push_back(static_cast<std::byte>(v >> 8));
}

void put_header(std::vector<std::byte>& to, Tag tag, uint32_t length) {
  put_u16(to, tag.group());
  put_u16(to, tag.element());
  put_u16(to, static_cast<uint16_t>(length & 0xffff));
  put_u16(to, static_cast<uint16_t>(length >> 16));
}

void put_sequence_header(std::vector<std::byte>& to, Tag tag, uint32_t length) {
  put_u16(to, tag.group());
  put_u16(to, tag.element());
  to.push_back(std::byte{'S'});
  to.push_back(std::byte{'Q'});
  put_u16(to, 0);
  put_u16(to, static_cast<uint16_t>(length & 0xffff));
  put_u16(to, static_cast<uint16_t>(length >> 16));
}

uint32_t length_of(const DraftedDataSet& content) {
  if (!content.references.empty()) return kUndefinedLength;
  if (content.bytes.size() >= kUndefinedLength) throw Error(Code::invalid, "a sequence is longer than 4 GiB");
  return static_cast<uint32_t>(content.bytes.size());
}

void append(DraftedDataSet& to, DraftedDataSet from) {
  for (auto& reference : from.references) {
    to.references.push_back(std::move(reference));
    to.references.back().at += to.bytes.size();
  }
  to.bytes.insert(to.bytes.end(), from.bytes.begin(), from.bytes.end());
  to.ascii = to.ascii && from.ascii;
}

bool all_ascii(std::span<const std::byte> text) {
  return std::none_of(text.begin(), text.end(), [](std::byte b) { return (b & std::byte{0x80}) != std::byte{}; });
}

std::string name_of(Tag tag) {
  std::string name(8, '0');
  dicom::json::put_tag(name.data(), tag);
  return name;
}

}  // namespace

void DataSetDraft::add(Tag tag, Vr vr, std::span<const std::byte> value, std::string_view private_creator) {
  if (tag == dicom::kSpecificCharacterSet) {
    names_character_set_ = true;
    return;
  }
  dicom::DataSetWriter writer;
  writer.add(tag, vr, value);
  if (tag.is_private_creator() && private_creator.empty())
    blocks_.push_back({tag, {reinterpret_cast<const char*>(value.data()), value.size()}});
  add_part(tag, {writer.take(), {}, !vr.is_text() || all_ascii(value)}, private_creator);
}

void DataSetDraft::refer(Tag tag, Vr vr, std::string uri, std::string_view private_creator) {
  add_part(tag, {{}, {BulkReference{0, tag, vr, std::move(uri), false}}, !vr.is_text()}, private_creator);
}

void DataSetDraft::add_sequence(Tag tag, std::vector<DraftedDataSet> items, std::string_view private_creator) {
  DraftedDataSet content;
  for (auto& item : items) {
    for (auto& reference : item.references) reference.nested = true;
    const auto length = length_of(item);
    put_header(content.bytes, dicom::kItem, length);
    append(content, std::move(item));
    if (length == kUndefinedLength) put_header(content.bytes, dicom::kItemDelimitation, 0);
  }
  DraftedDataSet sequence;
  const auto length = length_of(content);
  put_sequence_header(sequence.bytes, tag, length);
  append(sequence, std::move(content));
  if (length == kUndefinedLength) put_header(sequence.bytes, dicom::kSequenceDelimitation, 0);
  add_part(tag, std::move(sequence), private_creator);
}

std::string_view DataSetDraft::private_creator(Tag tag) const {
  if (!tag.is_private() || tag.element() < 0x1000) return {};
  const Tag creator(tag.group(), static_cast<uint16_t>(tag.element() >> 8));
  const auto block =
      std::find_if(blocks_.begin(), blocks_.end(), [creator](const Block& b) { return b.creator == creator; });
  return block == blocks_.end() ? std::string_view{} : std::string_view(block->name);
}

void DataSetDraft::add_part(Tag tag, DraftedDataSet content, std::string_view private_creator) {
  const bool to_place = tag.is_private() && !private_creator.empty() && tag.element() < 0x1000;
  parts_.push_back({tag, std::move(content), to_place ? std::string(private_creator) : std::string()});
}

/// The block that `creator` has in a group; it gets the first free one where it has none.
Tag DataSetDraft::block_of(uint16_t group, const std::string& creator) {
  uint16_t free = 0x0010;
  for (const auto& block : blocks_) {
    if (block.creator.group() != group) continue;
    if (block.name == creator) return block.creator;
    free = std::max<uint16_t>(free, static_cast<uint16_t>(block.creator.element() + 1));
  }
  const Tag tag(group, free);
  if (!tag.is_private_creator()) throw Error(Code::invalid, "a private group has no block left");
  add(tag, "LO", std::as_bytes(std::span(creator)));
  return tag;
}

void DataSetDraft::place_private_attributes() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {  // new blocks are added at the end
    if (parts_[i].private_creator.empty()) continue;
    const Tag old = parts_[i].tag;
    const Tag block = block_of(old.group(), parts_[i].private_creator);
    auto& part = parts_[i];
    part.tag = Tag(old.group(), static_cast<uint16_t>(block.element() << 8 | (old.element() & 0xff)));
    if (part.content.bytes.empty())
      part.content.references.front().tag = part.tag;
    else
      part.content.bytes[3] = static_cast<std::byte>(block.element());  // the element number's upper byte
  }
}

DraftedDataSet DataSetDraft::finish_item() && {
  place_private_attributes();
  std::stable_sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) { return a.tag < b.tag; });
  const auto twice =
      std::adjacent_find(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) { return a.tag == b.tag; });
  if (twice != parts_.end()) throw Error(Code::invalid, "the attribute " + name_of(twice->tag) + " is there twice");
  DraftedDataSet whole;
  for (auto& part : parts_) append(whole, std::move(part.content));
  return whole;
}

DraftedDataSet DataSetDraft::finish() && {
  const bool ascii = std::all_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.content.ascii; });
  if (names_character_set_ || !ascii) {
    dicom::DataSetWriter writer;
    writer.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
    parts_.push_back({dicom::kSpecificCharacterSet, {writer.take(), {}, true}, {}});
  }
  return std::move(*this).finish_item();
}

}  // namespace fermata::dicomweb
