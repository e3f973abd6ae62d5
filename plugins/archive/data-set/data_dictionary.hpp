#pragma once
#include <string_view>

#include "fermata/dicom/tag.hpp"

namespace fermata::archive {

/// Marks of the dictionary for what other elements decide (PS3.6, "US or SS" and the like).
inline constexpr dicom::Vr kUsOrSs("xs");
inline constexpr dicom::Vr kObOrOw("ox");

/// Looks up Value Representations in DCMTK's data dictionary (PS3.6 and the private ones that DCMTK knows).
///
/// **Thread**: one at a time; while it lives, it holds the dictionary's read lock: keep it on the stack.
class DataDictionary {
 public:
  DataDictionary();
  ~DataDictionary();
  DataDictionary(const DataDictionary&) = delete;
  DataDictionary& operator=(const DataDictionary&) = delete;

  /// UN where the dictionary has no entry. `private_creator` is for tags of odd groups.
  dicom::Vr vr(dicom::Tag tag, std::string_view private_creator = {}) const;

  /// False if DCMTK has found no dictionary: without one, implicit data sets can't be understood.
  static bool loaded();

 private:
  const void* dictionary_;
};

}  // namespace fermata::archive
