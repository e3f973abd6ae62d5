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
  if (entry == nullptr) return {tag, "LO", false};
  const char* name = DcmVR(entry->getEVR()).getValidVRName();
  return {tag, {name[0], name[1]}, true};
}

}  // namespace

Attribute attribute_named(std::string_view name) {
  const ReadDictionary dictionary;
  if (!dictionary->isDictionaryLoaded())
    throw Error(Code::unavailable,
                "DCMTK finds no data dictionary: install libdcmtk17, or set DCMDICTPATH to its dicom.dic");
  if (const auto tag = parse_tag(name))
    return attribute_of(
        tag->is_private() ? nullptr : dictionary->findEntry(DcmTagKey(tag->group(), tag->element()), nullptr), *tag);
  // DCMTK marks what the standard has retired in the keyword itself.
  for (const auto& keyword : {std::string(name), "RETIRED_" + std::string(name)})
    if (const auto* entry = dictionary->findEntry(keyword.c_str()); entry != nullptr)
      return attribute_of(entry, Tag(entry->getGroup(), entry->getElement()));
  throw Error(Code::invalid, "there is no attribute \"" + std::string(name) +
                                 "\": write its keyword, such as PatientID, or its tag, such as (0010,0020)");
}

}  // namespace fermata::ingest_rules
