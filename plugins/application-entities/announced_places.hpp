#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/ip_network.hpp"
#include "fermata/station_directory.hpp"

namespace fermata::application_entities {

/// Where an AE title was announced on the local network. Anybody can announce it, so that not every place will do.
///
/// **Thread**: a value; it has what was true when it was made.
class AnnouncedPlaces {
 public:
  struct Place {
    std::string host;  ///< numeric
    uint16_t port = 0;
  };

  AnnouncedPlaces() = default;  ///< none
  AnnouncedPlaces(StationDirectory& stations, std::string_view ae_title, const std::vector<IpNetwork>& allowed);

  /// The one at this address.
  std::optional<Place> at(const IpAddress& address) const;
  /// The only one there is: of several, nobody knows which is genuine.
  std::optional<Place> only() const;

 private:
  std::vector<Place> places_;
};

}  // namespace fermata::application_entities
