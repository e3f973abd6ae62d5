#pragma once
#include <memory>
#include <vector>

#include "fermata/station_directory.hpp"

namespace fermata::application_entities {

/// Stations as a test says them.
class GivenStations final : public StationDirectory {
 public:
  struct Cursor final : StationCursor {
    explicit Cursor(std::vector<Station> given) : stations(std::move(given)) {}
    bool next(Station& station) override {
      if (at == stations.size()) return false;
      station = stations[at++];
      return true;
    }
    std::vector<Station> stations;
    std::size_t at = 0;
  };
  void add(std::string_view ae_title, std::string_view address, uint16_t port = 11112) {
    stations.push_back({ae_title, address, "", port, "", 0});
  }
  std::unique_ptr<StationCursor> list() override { return std::make_unique<Cursor>(stations); }
  std::string_view problem() override { return ""; }
  std::vector<Station> stations;
};

}  // namespace fermata::application_entities
