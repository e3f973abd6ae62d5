#include "sop_classes.hpp"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

constexpr std::string_view kDicomRoot = "1.2.840.10008.";
constexpr std::string_view kStoragePrefix = "1.2.840.10008.5.1.4.1.1.";

// Under the prefix of the Storage SOP Classes, but queries, services, or objects that belong to no patient.
constexpr std::array<std::string_view, 12> kNotPatientStorage = {
    "1.2.840.10008.5.1.4.1.1.200.1",  // CT Defined Procedure Protocol Storage
    "1.2.840.10008.5.1.4.1.1.200.3",  // Protocol Approval Storage
    "1.2.840.10008.5.1.4.1.1.200.4",  // Protocol Approval Information Model - FIND, MOVE, GET
    "1.2.840.10008.5.1.4.1.1.200.5", "1.2.840.10008.5.1.4.1.1.200.6",
    "1.2.840.10008.5.1.4.1.1.200.7",  // XA Defined Procedure Protocol Storage
    "1.2.840.10008.5.1.4.1.1.201.1",  // Inventory Storage
    "1.2.840.10008.5.1.4.1.1.201.2",  // Inventory - FIND, MOVE, GET
    "1.2.840.10008.5.1.4.1.1.201.3", "1.2.840.10008.5.1.4.1.1.201.4",
    "1.2.840.10008.5.1.4.1.1.201.5",  // Inventory Creation
    "1.2.840.10008.5.1.4.1.1.201.6",  // Repository Query
};

/// Those outside of the prefix, Hardcopy and Stored Print for instance.
const std::set<std::string, std::less<>>& listed_storage() {
  static const std::set<std::string, std::less<>> list(dcmAllStorageSOPClassUIDs,
                                                       dcmAllStorageSOPClassUIDs + numberOfDcmAllStorageSOPClassUIDs);
  return list;
}

/// "CTImageStorage" -> "CT Image Storage".
std::string spaced(std::string_view name) {
  const auto upper = [&](std::size_t i) { return std::isupper(static_cast<unsigned char>(name[i])) != 0; };
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts_word = i > 0 && upper(i) && (!upper(i - 1) || (i + 1 < name.size() && !upper(i + 1)));
    if (starts_word && name[i - 1] != '_') text += ' ';
    text += name[i] == '_' ? ' ' : name[i];
  }
  return text;
}

}  // namespace

bool is_private(std::string_view uid) { return !uid.starts_with(kDicomRoot); }

bool is_standard_storage(std::string_view uid) {
  if (std::find(kNotPatientStorage.begin(), kNotPatientStorage.end(), uid) != kNotPatientStorage.end()) return false;
  if (uid.starts_with(kStoragePrefix)) return uid.size() > kStoragePrefix.size();
  return !is_private(uid) && listed_storage().contains(uid);
}

bool is_get(std::string_view uid) {
  return uid.starts_with("1.2.840.10008.5.1.4.1.2.") && uid.ends_with(".3") && uid.size() <= 27;
}

std::string sop_class_name(std::string_view uid) {
  const char* name = dcmFindNameOfUID(std::string(uid).c_str());
  return name == nullptr ? std::string(uid) : spaced(name);
}

void SopClasses::add(std::string_view uid, Rights rights, Service& service) {
  const auto [place, added] = classes_.emplace(std::string(uid), SopClass{&service, rights, false});
  if (!added) throw Error(Code::conflict, "the SOP Class " + sop_class_name(uid) + " is served by another plugin");
}

std::optional<SopClass> SopClasses::find(std::string_view uid) const {
  if (const auto found = classes_.find(uid); found != classes_.end()) return found->second;
  const bool storage = is_standard_storage(uid) || (accept_unknown_storage_ && is_private(uid) && !uid.empty());
  if (!storage || storage_ == nullptr) return {};
  return SopClass{storage_, kMayStore, true};
}

}  // namespace fermata::dimse
