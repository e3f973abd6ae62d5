#include "announced_places.hpp"

#include <algorithm>

#include "fermata/ip_address.hpp"

namespace fermata::application_entities {

AnnouncedPlaces::AnnouncedPlaces(StationDirectory& stations, std::string_view ae_title,
                                 const std::vector<IpNetwork>& allowed) {
  const auto cursor = stations.list();
  for (Station station; cursor->next(station);) {
    const auto address = IpAddress::parse(station.address);
    if (station.ae_title != ae_title || !address) continue;
    if (std::any_of(allowed.begin(), allowed.end(), [&](const IpNetwork& n) { return n.contains(*address); }))
      places_.push_back({std::string(station.address), station.port});
  }
}

std::optional<AnnouncedPlaces::Place> AnnouncedPlaces::at(const IpAddress& address) const {
  const auto place =
      std::find_if(places_.begin(), places_.end(), [&](const Place& p) { return IpAddress::parse(p.host) == address; });
  return place == places_.end() ? std::nullopt : std::optional(*place);
}

std::optional<AnnouncedPlaces::Place> AnnouncedPlaces::only() const {
  return places_.size() == 1 ? std::optional(places_.front()) : std::nullopt;
}

}  // namespace fermata::application_entities
