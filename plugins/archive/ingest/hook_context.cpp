#include "ingest/hook_context.hpp"

#include <algorithm>
#include <cstring>

#include "data-set/element_header.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/dicom/written_vr.hpp"

namespace fermata::archive {
namespace {

using dicom::DataSetView;
using dicom::Tag;
using dicom::Vr;

constexpr std::string_view kUtf8 = "ISO_IR 192";
constexpr std::size_t kLongestReason = 64;  // an Error Comment, PS3.7 C

void check_value(Vr vr, std::span<const std::byte> value) {
  if (!dicom::is_known(vr))
    throw Error(Code::invalid, "an ingest hook names a Value Representation that does not exist");
  if (!vr.has_long_length() && value.size() > 65534)
    throw Error(Code::invalid, "an ingest hook sets a value that is too long for its Value Representation");
}

}  // namespace

Tag HookContext::editable(uint32_t number) const {
  const Tag tag(number);
  if (tag.group() < 0x0008 || tag.group() >= 0xfffc || tag.is_group_length())
    throw Error(Code::invalid, "an ingest hook can't edit file meta information, group lengths and delimiters");
  if (tag == dicom::kSpecificCharacterSet)
    throw Error(Code::invalid, "the header is in UTF-8: an ingest hook can't change its Specific Character Set");
  if (is_pixel_data(tag)) throw Error(Code::invalid, "an ingest hook can't edit bulk values");
  if (tag >= end_)
    throw Error(Code::invalid, "an ingest hook can't edit the object's first bulk value, and what comes after it");
  return tag;
}

std::span<const std::byte> HookContext::header() {
  apply();
  return header_;
}

void HookContext::set_element(uint32_t number, const char* name, std::span<const std::byte> value) {
  const Tag tag = editable(number);
  if (name == nullptr || std::strlen(name) != 2) throw Error(Code::invalid, "a Value Representation has two letters");
  const Vr vr(name[0], name[1]);
  check_value(vr, value);
  edits_[tag] = {vr, {value.begin(), value.end()}, false};
}

void HookContext::remove_element(uint32_t number) {
  const Tag tag = editable(number);
  if (DataSetView(header()).find(tag)) edits_[tag] = {Vr("UN"), {}, true};
}

void HookContext::refuse(std::string_view reason) {
  std::string text(reason.substr(0, kLongestReason));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  reason_ = text.empty() ? "a rule of the archive refuses this object" : text;
}

void HookContext::apply() {
  if (edits_.empty()) return;
  // Elements after the pixel data may hold text as well, which an edited object has in UTF-8 too: always say so.
  const auto utf8 = std::as_bytes(std::span(kUtf8.data(), kUtf8.size()));
  edits_[dicom::kSpecificCharacterSet] = {Vr("CS"), {utf8.begin(), utf8.end()}, false};
  dicom::DataSetWriter edited;
  auto edit = edits_.begin();
  const auto write_edit = [&] {
    if (!edit->second.removed) edited.add(edit->first, edit->second.vr, edit->second.value);
    ++edit;
  };
  const DataSetView elements(header_);
  for (auto it = elements.begin(); it != elements.end(); ++it) {
    while (edit != edits_.end() && edit->first < it->tag) write_edit();
    if (edit != edits_.end() && edit->first == it->tag)
      write_edit();
    else
      edited.add_encoded(it.encoded());
  }
  while (edit != edits_.end()) write_edit();
  edits_.clear();
  changed_ = true;
  header_ = edited.take();
}

}  // namespace fermata::archive
