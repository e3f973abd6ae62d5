#pragma once
#include <string>

#include "fermata/host_status.hpp"
#include "fermata/http_router.hpp"
#include "traffic.hpp"

namespace fermata::http {

/// /metrics: what there is to watch, in the text format of Prometheus, version 0.0.4.
///
/// **Thread**: any number at once. **Ownership**: what is given stays the caller's.
class MetricsPage final : public HttpHandler {
 public:
  MetricsPage(HostStatus& status, const Traffic& traffic) : status_(status), traffic_(traffic) {}
  void handle(HttpRequest& request, HttpResponse& response) override;

 private:
  void write_process(std::string& out);
  void write_plugins(std::string& out);
  void write_counters(std::string& out);
  void write_gauges(std::string& out);
  void write_conditions(std::string& out);

  HostStatus& status_;
  const Traffic& traffic_;
};

}  // namespace fermata::http
