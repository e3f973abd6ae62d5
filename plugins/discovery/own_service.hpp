#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/ip_address.hpp"
#include "station_record.hpp"

namespace fermata::discovery {

/// The type under which DICOM stations announce themselves (PS3.15 H.1.4.1).
inline constexpr const char* kServiceType = "_dicom._tcp";

/// What the archive says of itself on the network.
struct OwnService {
  std::string ae_title;
  uint16_t port = 0;
  std::string description;
};

/// The TXT record. CGET: viewers of the OsiriX family fetch with C-GET then, for which nothing has to be known of them.
/// preferredSyntax: the one value that has every version of them send without loss.
std::vector<std::string> txt_record(const OwnService& service);

/// The name to announce when `attempts` names were taken: viewers call by it, so it stays a proper AE title.
std::string service_name(const std::string& ae_title, unsigned attempts);

/// Whether this is the archive itself: its port on an address of this machine.
bool is_own(const StationRecord& station, uint16_t port, const std::vector<IpAddress>& own_addresses);

/// Of all interfaces of this machine, right now.
std::vector<IpAddress> own_addresses();
std::string own_host_name();

}  // namespace fermata::discovery
