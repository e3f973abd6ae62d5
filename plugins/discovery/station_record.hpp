#pragma once
#include <cstdint>
#include <string>

namespace fermata::discovery {

/// A station with memory of its own: what Station only views, made fit for logs, tables and connections.
struct StationRecord {
  std::string ae_title;  ///< 1 to 16 characters (PS3.5 6.2, VR AE)
  std::string address;   ///< numeric, with a zone ("fe80::1%eth0") where the address means nothing without it
  std::string host;      ///< may be empty
  uint16_t port = 0;
  std::string description;
  int64_t seen_us = 0;

  bool operator==(const StationRecord&) const = default;
};

}  // namespace fermata::discovery
