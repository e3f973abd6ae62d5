#include "traffic.hpp"

#include <algorithm>
#include <cstdio>

namespace fermata::http {
namespace {

std::string seconds(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

}  // namespace

void Traffic::ends(std::string_view method, unsigned status, std::chrono::nanoseconds duration, uint64_t bytes) {
  --running_;
  const auto found = std::find(kMethods.begin(), kMethods.end() - 1, method);
  auto& of = methods_[static_cast<std::size_t>(found - kMethods.begin())];
  ++of.by_class[std::clamp(status / 100, 1u, 5u) - 1];
  const auto time = std::chrono::duration<double>(duration).count();
  ++of.took[static_cast<std::size_t>(std::lower_bound(kBounds.begin(), kBounds.end(), time) - kBounds.begin())];
  of.microseconds += static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(duration).count());
  bytes_ += bytes;
}

void Traffic::write(std::string& out) const {
  out +=
      "# HELP fermata_http_requests_total Answered requests; status 499 (no answer got through) counts as 4xx.\n"
      "# TYPE fermata_http_requests_total counter\n";
  for (std::size_t m = 0; m < kMethods.size(); ++m)
    for (std::size_t c = 1; c < 5; ++c)
      if (const auto count = methods_[m].by_class[c].load(); count > 0)
        out += "fermata_http_requests_total{method=\"" + std::string(kMethods[m]) + "\",status=\"" +
               std::to_string(c + 1) + "xx\"} " + std::to_string(count) + "\n";

  out +=
      "# HELP fermata_http_request_duration_seconds From the request's head to the end of its answer.\n"
      "# TYPE fermata_http_request_duration_seconds histogram\n";
  const std::string name = "fermata_http_request_duration_seconds";
  for (std::size_t m = 0; m < kMethods.size(); ++m) {
    const auto method = "method=\"" + std::string(kMethods[m]) + "\"";
    uint64_t count = 0;
    std::string lines;
    for (std::size_t b = 0; b <= kBounds.size(); ++b) {
      count += methods_[m].took[b].load();
      lines += name + "_bucket{" + method + ",le=\"" + (b < kBounds.size() ? seconds(kBounds[b]) : "+Inf") + "\"} " +
               std::to_string(count) + "\n";
    }
    if (count == 0) continue;
    out += lines + name + "_sum{" + method + "} " + std::to_string(double(methods_[m].microseconds.load()) / 1e6) +
           "\n" + name + "_count{" + method + "} " + std::to_string(count) + "\n";
  }

  out +=
      "# HELP fermata_http_sent_bytes_total Bytes of answers' bodies.\n"
      "# TYPE fermata_http_sent_bytes_total counter\n"
      "fermata_http_sent_bytes_total " +
      std::to_string(bytes_.load()) +
      "\n"
      "# HELP fermata_http_connections Open connections, idle ones included.\n"
      "# TYPE fermata_http_connections gauge\n"
      "fermata_http_connections " +
      std::to_string(connections_.load()) +
      "\n"
      "# HELP fermata_http_requests_in_progress Requests that are being answered.\n"
      "# TYPE fermata_http_requests_in_progress gauge\n"
      "fermata_http_requests_in_progress " +
      std::to_string(running_.load()) + "\n";
}

}  // namespace fermata::http
