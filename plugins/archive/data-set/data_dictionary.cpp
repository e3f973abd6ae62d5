#include "data-set/data_dictionary.hpp"

#include <dcmtk/config/osconfig.h>

#include <string>

#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

namespace fermata::archive {
namespace {

using dicom::Tag;
using dicom::Vr;

Vr vr_of(const DcmDictEntry& entry) {
  switch (entry.getEVR()) {
    case EVR_xs:
      return kUsOrSs;
    case EVR_ox:
    case EVR_px:
      return kObOrOw;
    case EVR_lt:
      return Vr("OW");
    case EVR_up:
      return Vr("UL");
    case EVR_na:
    case EVR_UNKNOWN:
    case EVR_UNKNOWN2B:
      return Vr("UN");
    default: {
      const char* name = DcmVR(entry.getEVR()).getVRName();
      return {name[0], name[1]};
    }
  }
}

}  // namespace

DataDictionary::DataDictionary() : dictionary_(&dcmDataDict.rdlock()) {}

DataDictionary::~DataDictionary() { dcmDataDict.rdunlock(); }

Vr DataDictionary::vr(Tag tag, std::string_view private_creator) const {
  if (tag.is_group_length()) return Vr("UL");
  if (tag.is_private()) {
    if (tag.element() >= 0x0010 && tag.element() <= 0x00ff) return Vr("LO");  // the creator itself, PS3.5 7.8.1
    if (private_creator.empty()) return Vr("UN");
  }
  const std::string creator(private_creator);
  const auto* entry =
      static_cast<const DcmDataDictionary*>(dictionary_)
          ->findEntry(DcmTagKey(tag.group(), tag.element()), tag.is_private() ? creator.c_str() : nullptr);
  return entry == nullptr ? Vr("UN") : vr_of(*entry);
}

bool DataDictionary::loaded() { return dcmDataDict.isDictionaryLoaded(); }

}  // namespace fermata::archive
