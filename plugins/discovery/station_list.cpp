#include "station_list.hpp"

#include <tuple>
#include <utility>
#include <vector>

namespace fermata::discovery {
namespace {

class Cursor final : public StationCursor {
 public:
  explicit Cursor(std::vector<StationRecord> stations) : stations_(std::move(stations)) {}

  bool next(Station& station) override {
    if (position_ == stations_.size()) return false;
    const auto& s = stations_[position_++];
    station = {s.ae_title, s.address, s.host, s.port, s.description, s.seen_us};
    return true;
  }

 private:
  const std::vector<StationRecord> stations_;
  std::size_t position_ = 0;
};

bool is_ipv4(const StationRecord& station) { return station.address.find(':') == std::string::npos; }

bool is_better(const StationRecord& a, const StationRecord& b) {
  if (is_ipv4(a) != is_ipv4(b)) return is_ipv4(a);
  return a.seen_us < b.seen_us;
}

}  // namespace

bool StationList::put(const std::string& key, StationRecord station) {
  const std::lock_guard lock(mutex_);
  const auto known = heard_.find(key);
  station.seen_us = known != heard_.end() ? known->second.seen_us : clock_();
  if (known != heard_.end() && known->second == station) return false;
  heard_[key] = std::move(station);
  return true;
}

bool StationList::remove(const std::string& key) {
  const std::lock_guard lock(mutex_);
  return heard_.erase(key) != 0;
}

void StationList::clear() {
  const std::lock_guard lock(mutex_);
  heard_.clear();
}

std::unique_ptr<StationCursor> StationList::list() {
  // Two machines may claim the same AE title: which of them is meant is not for us to say.
  std::map<std::tuple<std::string, std::string, uint16_t>, StationRecord> stations;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, station] : heard_) {
      const auto& machine = station.host.empty() ? station.address : station.host;
      const auto [place, is_new] = stations.try_emplace({station.ae_title, machine, station.port}, station);
      if (!is_new && is_better(station, place->second)) place->second = station;
    }
  }
  std::vector<StationRecord> all;
  all.reserve(stations.size());
  for (auto& [identity, station] : stations) all.push_back(std::move(station));
  return std::make_unique<Cursor>(std::move(all));
}

}  // namespace fermata::discovery
