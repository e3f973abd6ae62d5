#pragma once
#include "fermata/bridge/bridge.hpp"
#include "fermata/station_directory.hpp"

namespace fermata::bridge {

template <>
struct Convert<Station> {
  using c = fermata_station;
  static c to(const Station& s) {
    return {sizeof(c), s.port, 0, str(s.ae_title), str(s.address), str(s.host), str(s.description), s.seen_us};
  }
  static Station from(const c& v) {
    return {view(v.ae_title), view(v.address), view(v.host), v.port, view(v.description), v.seen_us};
  }
};
template <>
struct Wire<Station&> : GivenOut<Station> {};
template <>
struct Bridge<StationCursor> : CursorBridge<StationCursor, Station, fermata_station_cursor_vt, fermata_station_cursor> {
};

template <>
struct Bridge<StationDirectory> {
  using Table = fermata_station_directory_vt;
  static const Table* table() {
    static const Table t{sizeof(Table), Thunk<&StationDirectory::list>::call, Thunk<&StationDirectory::problem>::call};
    return &t;
  }
  class Proxy final : public StationDirectory, Remote<Table> {
   public:
    Proxy(const void* vt, void* self) : Remote(static_cast<const Table*>(vt), self) {}
    std::unique_ptr<StationCursor> list() override { return get<std::unique_ptr<StationCursor>>(&Table::list); }
    std::string_view problem() override { return get<std::string_view>(&Table::problem); }
  };
};

}  // namespace fermata::bridge
