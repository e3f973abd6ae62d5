#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "fermata/c/station_directory.h"

namespace fermata {

/// A DICOM station that announces itself. Views are valid until the cursor's next call.
struct Station {
  std::string_view ae_title;
  std::string_view address;  ///< numeric, IPv4 where there is one
  std::string_view host;     ///< a name; may be empty
  uint16_t port = 0;
  std::string_view description;
  int64_t seen_us = 0;  ///< when it appeared, since 1970-01-01 UTC
};

/// By AE title.
class StationCursor {
 public:
  virtual ~StationCursor() = default;
  virtual bool next(Station& station) = 0;
};

/// DICOM stations that are on the network right now, as they say themselves (PS3.15 H, DNS Service Discovery). What a
/// station says of itself is no proof of who it is: it tells where to find an AE title, and gives no rights.
///
/// *Provided by* discovery; *used by* application-entities, which finds C-MOVE destinations with it, and the
/// administration. **Thread**: any; it answers from memory.
class StationDirectory {
 public:
  static constexpr const char* kId = FERMATA_STATION_DIRECTORY_ID;
  virtual ~StationDirectory() = default;
  virtual std::unique_ptr<StationCursor> list() = 0;
  /// Why the network can't be watched, and what to do about it; empty: it is.
  virtual std::string_view problem() = 0;
};

}  // namespace fermata

#include "fermata/bridge/station_directory.hpp"  // IWYU pragma: export
