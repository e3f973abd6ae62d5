#pragma once
#include <boost/json.hpp>

#include "fermata/host_status.hpp"
#include "fermata/journal.hpp"
#include "fermata/station_directory.hpp"
#include "system/storage_report.hpp"

namespace fermata::admin {

/// How the program is, and what somebody should look after, with what to do about it.
///
/// **Thread**: any. **Ownership**: borrows all it is given.
class HealthReport {
 public:
  /// `stations` may be null.
  HealthReport(HostStatus& host, const StorageReport& storage, StationDirectory* stations, const Journal& journal)
      : host_(host), storage_(storage), stations_(stations), journal_(journal) {}

  /// Looks after what no other plugin does, and tells the host its condition.
  void look() const;
  /// With everything that any plugin has told the host.
  boost::json::object object() const;
  /// Whether something does not work.
  bool degraded() const;

 private:
  void look_at_room() const;
  void look_at_audit() const;
  void look_at_stations() const;

  HostStatus& host_;
  const StorageReport& storage_;
  StationDirectory* const stations_;
  const Journal journal_;
};

}  // namespace fermata::admin
