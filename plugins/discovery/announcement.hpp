#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "station_record.hpp"

namespace fermata::discovery {

/// A service of the type _dicom._tcp as it came from the network: nothing of it has been checked (PS3.15 H.1.4.1,
/// RFC 6763).
struct Announcement {
  std::string instance;  ///< name of the service
  std::string host;
  std::string address;  ///< numeric
  std::string zone;     ///< the interface it was heard on
  uint16_t port = 0;
  std::vector<std::string> txt;  ///< "key=value"
};

/// The station that announces itself so: its AE title is AETitle of the TXT record, else the name of the service.
/// Empty where no association can come of it: no proper AE title, no port, no address of one machine.
std::optional<StationRecord> station_from(const Announcement& announcement);

/// The value of the first entry with this key, whose case does not matter (RFC 6763 6.4); empty if there is none.
std::string_view txt_value(const std::vector<std::string>& txt, std::string_view key);

}  // namespace fermata::discovery
