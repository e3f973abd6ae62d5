#include "attribute_value.hpp"

#include <algorithm>
#include <utility>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcdicent.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcitem.h>

#include "fermata/dicom/normalise.hpp"

namespace fermata::ingest_rules {
namespace {

std::string multiplicity(const DcmTagKey& key) {
  const auto& dictionary = dcmDataDict.rdlock();
  const auto* entry = dictionary.findEntry(key, nullptr);
  std::string out = "1-n";
  if (entry != nullptr && entry->getVMMax() != DcmVariableVM) {
    out = std::to_string(entry->getVMMin());
    if (entry->getVMMax() != entry->getVMMin()) out += "-" + std::to_string(entry->getVMMax());
  }
  dcmDataDict.rdunlock();
  return out;
}

/// Characters that a value, or a component group of a name, may have at most (PS3.5 table 6.2-1). DCMTK checks this and
/// the characters only where they are ASCII.
constexpr std::pair<dicom::Vr, std::size_t> kLongest[] = {
    {"LO", 64}, {"PN", 64}, {"SH", 16}, {"ST", 1024}, {"LT", 10240}};

std::size_t longest_part(dicom::Vr vr, std::string_view text) {
  const bool several = dicom::may_have_several_values(vr);
  std::size_t longest = 0;
  std::size_t length = 0;
  for (const char c : text) {
    if (several && (c == '\\' || (vr == dicom::Vr("PN") && c == '='))) {
      length = 0;
    } else if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) {  // no byte that continues a character of UTF-8
      longest = std::max(longest, ++length);
    }
  }
  return longest;
}

std::string wrong_text(dicom::Vr vr, std::string_view text) {
  for (const auto& [of, limit] : kLongest)
    if (of == vr && longest_part(vr, text) > limit) return "it is longer than " + std::to_string(limit) + " characters";
  const bool lines = !dicom::may_have_several_values(vr);
  if (std::any_of(text.begin(), text.end(), [&](unsigned char c) {
        return (c < ' ' || c == 0x7f) && !(lines && (c == '\r' || c == '\n' || c == '\t' || c == '\f'));
      }))
    return "it has control characters";
  return "";
}

}  // namespace

std::string why_not(const Attribute& attribute, std::string_view value) {
  if (auto wrong = wrong_text(attribute.vr, value); !wrong.empty()) return wrong;
  const DcmTagKey key(attribute.tag.group(), attribute.tag.element());
  const std::string text(value);
  DcmItem item;
  item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
  DcmElement* element = nullptr;
  auto status = item.putAndInsertOFStringArray(DcmTag(key), OFString(text.data(), text.size()));
  if (status.good()) status = item.findAndGetElement(key, element);
  if (status.good()) status = element->checkValue(multiplicity(key).c_str());
  return status.good() ? std::string() : status.text();
}

}  // namespace fermata::ingest_rules
