#include "attribute_names.hpp"

#include <dcmtk/config/osconfig.h>

#include <charconv>
#include <string>

#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>

namespace fermata::worklist {
namespace {

std::optional<dicom::Tag> tag_written(std::string_view name) {
  std::string digits;
  for (const char c : name)
    if (c != '(' && c != ')' && c != ',' && c != ' ') digits += c;
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 8 || error != std::errc{} || end != digits.data() + digits.size()) return {};
  return dicom::Tag(value);
}

}  // namespace

std::optional<NamedAttribute> attribute_named(std::string_view name) {
  const auto tag = tag_written(name);
  std::optional<NamedAttribute> found;
  const auto& dictionary = dcmDataDict.rdlock();
  const auto* entry = tag ? dictionary.findEntry(DcmTagKey(tag->group(), tag->element()), nullptr)
                          : dictionary.findEntry(std::string(name).c_str());
  if (entry != nullptr && entry->getPrivateCreator() == nullptr) {
    const char* vr = DcmVR(entry->getEVR()).getVRName();
    found = NamedAttribute{dicom::Tag(entry->getGroup(), entry->getElement()), dicom::Vr(vr[0], vr[1])};
  }
  dcmDataDict.rdunlock();
  return found;
}

}  // namespace fermata::worklist
