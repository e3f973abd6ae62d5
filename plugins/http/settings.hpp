#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "access.hpp"
#include "client_origin.hpp"
#include "fermata/config.hpp"
#include "tls/context.hpp"

namespace fermata::http {

/// What one client, and all together, may take.
struct Limits {
  std::size_t connections = 1000;
  std::size_t connections_per_address = 256;
  std::size_t head = 32 * 1024;
  uint64_t body = uint64_t{16} << 30;
  std::size_t workers = 64;
  std::size_t queue = 256;  ///< requests that wait for a worker
};

struct Timeouts {
  std::chrono::milliseconds head{15'000};
  std::chrono::milliseconds idle{75'000};
  std::chrono::milliseconds stall{30'000};
  uint64_t stall_bytes = 30 * 1024;  ///< less than this in such a time is no progress
};

/// What the configuration file says, as plain values; schema.yaml describes each.
struct Settings {
  std::string bind = "127.0.0.1";
  uint16_t port = 8080;  ///< 0: any that is free
  std::string prefix;    ///< "/pacs", or empty
  std::optional<tls::Settings> tls;
  ProxySettings proxies;
  AccessSettings access;
  bool cors_credentials = false;
  Limits limits;
  Timeouts timeouts;
  bool compress = true;
  bool access_log = true;
};

/// **Errors**: invalid, naming the option.
Settings read_settings(const Config& config);

}  // namespace fermata::http
