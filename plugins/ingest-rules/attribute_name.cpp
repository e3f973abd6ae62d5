#include "attribute_name.hpp"

#include <dcmtk/config/osconfig.h>

#include <charconv>
#include <optional>
#include <string>

#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

#include "fermata/error.hpp"

namespace fermata::ingest_rules {
namespace {

using dicom::Tag;
using dicom::Vr;

std::optional<Tag> parse_tag(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != '(' && c != ')' && c != ',') digits += c;
  uint32_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 8 || failure != std::errc() || end != digits.data() + digits.size()) return {};
  return Tag(value);
}

/// `0019,"ACME 1.1",01` without its parentheses, in the way of DCMTK's dictionaries.
std::optional<Attribute> parse_private(std::string_view text) {
  if (text.starts_with('(') && text.ends_with(')')) text = text.substr(1, text.size() - 2);
  const auto opening = text.find(",\"");
  const auto closing = text.rfind("\",");
  if (opening != 4 || closing == text.npos || closing < opening + 3 || text.size() != closing + 4) return {};
  const auto tag = parse_tag(std::string(text.substr(0, 4)) + "10" + std::string(text.substr(closing + 2)));
  if (!tag || !tag->is_private() || tag->group() < 0x0009 || tag->group() == 0xffff) return {};
  const auto creator = text.substr(opening + 2, closing - opening - 2);
  return Attribute{*tag, "LO", std::string(creator), false};
}

/// While it lives, the dictionary stays as it is.
class ReadDictionary {
 public:
  ReadDictionary() : dictionary_(dcmDataDict.rdlock()) {}
  ~ReadDictionary() { dcmDataDict.rdunlock(); }
  ReadDictionary(const ReadDictionary&) = delete;
  ReadDictionary& operator=(const ReadDictionary&) = delete;
  const DcmDataDictionary* operator->() const { return &dictionary_; }

 private:
  const DcmDataDictionary& dictionary_;
};

Attribute attribute_of(const DcmDictEntry* entry, Tag tag) {
  if (entry == nullptr) return {tag, "LO", "", false};
  const char* name = DcmVR(entry->getEVR()).getValidVRName();
  return {tag, {name[0], name[1]}, "", true};
}

}  // namespace

std::optional<Tag> Attribute::tag_in(dicom::DataSetView header) const {
  if (!is_private()) return tag;
  for (const auto& element : header) {
    if (element.tag.group() > tag.group()) break;
    if (element.tag.group() == tag.group() && element.tag.is_private_creator() && element.text() == creator)
      return Tag(tag.group(), static_cast<uint16_t>(element.tag.element() << 8 | (tag.element() & 0xff)));
  }
  return {};
}

Attribute attribute_named(std::string_view name) {
  if (const auto attribute = parse_private(name)) return *attribute;
  const ReadDictionary dictionary;
  if (!dictionary->isDictionaryLoaded())
    throw Error(Code::unavailable,
                "DCMTK finds no data dictionary: install libdcmtk17, or set DCMDICTPATH to its dicom.dic");
  if (const auto tag = parse_tag(name)) {
    if (tag->is_private())
      throw Error(Code::invalid, std::string(name) +
                                     " is private, and what it means differs from object to object: write whose it "
                                     "is, as in (0019,\"ACME 1.1\",01)");
    return attribute_of(dictionary->findEntry(DcmTagKey(tag->group(), tag->element()), nullptr), *tag);
  }
  // DCMTK marks what the standard has retired in the keyword itself.
  for (const auto& keyword : {std::string(name), "RETIRED_" + std::string(name)})
    if (const auto* entry = dictionary->findEntry(keyword.c_str()); entry != nullptr)
      return attribute_of(entry, Tag(entry->getGroup(), entry->getElement()));
  throw Error(Code::invalid, "there is no attribute \"" + std::string(name) +
                                 "\": write its keyword, such as PatientID, or its tag, such as (0010,0020)");
}

}  // namespace fermata::ingest_rules
