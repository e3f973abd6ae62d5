#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace fermata::dimse {

/// Connects to the first address of `host` that answers; the descriptor is the caller's. **Thread**: any.
/// **Errors**: unavailable, naming host and port.
int connect_to(const std::string& host, uint16_t port, std::chrono::milliseconds timeout);

}  // namespace fermata::dimse
