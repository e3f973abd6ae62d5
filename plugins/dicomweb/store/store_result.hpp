#pragma once
#include <cstdint>
#include <string>

#include "fermata/archive.hpp"

namespace fermata::dicomweb {

/// Failure Reason and Warning Reason (PS3.18 10.5.3, PS3.3 C.14.1.1).
namespace reason {
inline constexpr uint16_t kProcessingFailure = 0x0110;
inline constexpr uint16_t kDuplicateSopInstance = 0x0111;
inline constexpr uint16_t kNotAuthorized = 0x0124;
inline constexpr uint16_t kOutOfResources = 0xa700;
inline constexpr uint16_t kDataSetMismatch = 0xa900;
inline constexpr uint16_t kCannotUnderstand = 0xc000;
inline constexpr uint16_t kDataElementsCoerced = 0xb000;
}  // namespace reason

/// What became of one instance of a request, or of a part that is none. **Thread**: a value.
struct StoreResult {
  enum class Kind : uint8_t { stored, stored_with_warning, failed };
  Kind kind = Kind::failed;
  uint16_t reason = reason::kProcessingFailure;  ///< of a warning or failure
  std::string comment;                           ///< the same in words
  bool try_again = false;                        ///< only for the moment
  std::string sop_class_uid;                     ///< as far as they are known
  std::string sop_instance_uid;                  ///< empty: it has not even been an instance
  std::string series_instance_uid;
  std::string study_instance_uid;

  void take(const StoreOutcome& outcome);
  /// What kept the archive from storing it.
  void take(const Error& error);
};

}  // namespace fermata::dicomweb
