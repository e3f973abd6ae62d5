#pragma once
#include <boost/json.hpp>

#include "fermata/host_status.hpp"
#include "fermata/station_directory.hpp"
#include "storage_report.hpp"

namespace fermata::admin {

/// How the program is, and what somebody should look after, with what to do about it.
///
/// **Thread**: any. **Ownership**: borrows all it is given.
class HealthReport {
 public:
  /// `stations` may be null.
  HealthReport(HostStatus& host, const StorageReport& storage, StationDirectory* stations)
      : host_(host), storage_(storage), stations_(stations) {}

  boost::json::object object() const;
  /// Whether a plugin is left out, or the disk is nearly full.
  bool degraded() const;

 private:
  void warn_of_plugins(boost::json::array& warnings) const;
  void warn_of_audit(boost::json::array& warnings) const;
  void warn_of_room(boost::json::array& warnings) const;
  bool disk_is_nearly_full() const;

  HostStatus& host_;
  const StorageReport& storage_;
  StationDirectory* const stations_;
};

}  // namespace fermata::admin
