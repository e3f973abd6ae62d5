#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace fermata::admin {

/// Whether somebody listens at a host and port.
struct TcpProbe {
  enum class Outcome : uint8_t { open, unknown_host, refused, no_answer, unreachable };
  Outcome outcome = Outcome::no_answer;
  std::string peer_address;  ///< that was tried last
  std::string own_address;   ///< as the peer sees us, where it is open
};

/// Tries the addresses of `host` one after the other, each as long as `patience`. **Errors**: none.
TcpProbe probe_tcp(const std::string& host, uint16_t port, std::chrono::milliseconds patience);

}  // namespace fermata::admin
