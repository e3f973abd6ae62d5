#include "attribute_dictionary.hpp"

#include <dcmtk/config/osconfig.h>

#include <algorithm>

#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

#include "fermata/error.hpp"

namespace fermata::dicomweb {
namespace {

using dicom::Tag;
using dicom::Vr;

Vr vr_of(const DcmDictEntry& entry) {
  switch (entry.getEVR()) {
    case EVR_xs:
      return "US";
    case EVR_ox:
    case EVR_px:
    case EVR_lt:
      return "OW";
    case EVR_up:
      return "UL";
    case EVR_na:
    case EVR_UNKNOWN:
    case EVR_UNKNOWN2B:
      return "UN";
    default: {
      const char* name = DcmVR(entry.getEVR()).getVRName();
      return {name[0], name[1]};
    }
  }
}

/// DCMTK marks what the standard has retired in the keyword itself.
std::string_view keyword_of(const DcmDictEntry& entry) {
  constexpr std::string_view retired = "RETIRED_";
  std::string_view keyword(entry.getTagName());
  if (keyword.starts_with(retired)) keyword.remove_prefix(retired.size());
  return keyword;
}

/// While it lives, nobody else uses the dictionary: DCMTK hands its iterators only to those who may change it.
class LockedDictionary {
 public:
  LockedDictionary() : dictionary_(dcmDataDict.wrlock()) {}
  ~LockedDictionary() { dcmDataDict.wrunlock(); }
  LockedDictionary(const LockedDictionary&) = delete;
  LockedDictionary& operator=(const LockedDictionary&) = delete;
  DcmDataDictionary* operator->() { return &dictionary_; }

 private:
  DcmDataDictionary& dictionary_;
};

}  // namespace

AttributeDictionary::AttributeDictionary() {
  LockedDictionary dictionary;
  if (!dictionary->isDictionaryLoaded())
    throw Error(Code::unavailable, "DCMTK has found no data dictionary: set DCMDICTPATH to where dicom.dic is");
  const auto add = [](std::vector<Attribute>& to, const DcmDictEntry& entry) {
    if (entry.getPrivateCreator() != nullptr || (entry.getGroup() & 1) != 0) return;
    to.push_back({Tag(entry.getGroup(), entry.getElement()).value, entry.getUpperGroup(), vr_of(entry),
                  std::string(keyword_of(entry))});
  };
  for (auto i = dictionary->normalBegin(); i != dictionary->normalEnd(); ++i) add(attributes_, **i);
  for (auto i = dictionary->repeatingBegin(); i != dictionary->repeatingEnd(); ++i) add(repeating_, **i);
  std::sort(attributes_.begin(), attributes_.end(),
            [](const Attribute& a, const Attribute& b) { return a.tag < b.tag; });
  for (const auto& attribute : attributes_) by_keyword_.push_back(&attribute);
  for (const auto& attribute : repeating_) by_keyword_.push_back(&attribute);
  std::stable_sort(by_keyword_.begin(), by_keyword_.end(),
                   [](const Attribute* a, const Attribute* b) { return a->keyword < b->keyword; });
}

std::optional<Tag> AttributeDictionary::tag(std::string_view keyword) const {
  const auto found = std::lower_bound(by_keyword_.begin(), by_keyword_.end(), keyword,
                                      [](const Attribute* a, std::string_view k) { return a->keyword < k; });
  if (found == by_keyword_.end() || (*found)->keyword != keyword) return {};
  return Tag((*found)->tag);
}

std::string_view AttributeDictionary::keyword(Tag tag) const {
  const auto* attribute = find(tag);
  return attribute == nullptr ? std::string_view{} : std::string_view(attribute->keyword);
}

Vr AttributeDictionary::vr(Tag tag, std::string_view private_creator) const {
  if (tag.is_group_length()) return "UL";
  if (tag.is_private_creator()) return "LO";
  if (!tag.is_private()) {
    const auto* attribute = find(tag);
    return attribute == nullptr ? Vr("UN") : attribute->vr;
  }
  if (private_creator.empty()) return "UN";
  const std::string creator(private_creator);
  const auto* entry = dcmDataDict.rdlock().findEntry(DcmTagKey(tag.group(), tag.element()), creator.c_str());
  const Vr vr = entry == nullptr ? Vr("UN") : vr_of(*entry);
  dcmDataDict.rdunlock();
  return vr;
}

const AttributeDictionary::Attribute* AttributeDictionary::find(Tag tag) const {
  const auto found = std::lower_bound(attributes_.begin(), attributes_.end(), tag.value,
                                      [](const Attribute& a, uint32_t t) { return a.tag < t; });
  if (found != attributes_.end() && found->tag == tag.value) return &*found;
  for (const auto& attribute : repeating_) {
    const Tag first(attribute.tag);
    if (tag.element() == first.element() && tag.group() >= first.group() && tag.group() <= attribute.last_group &&
        (tag.group() - first.group()) % 2 == 0)
      return &attribute;
  }
  return nullptr;
}

}  // namespace fermata::dicomweb
