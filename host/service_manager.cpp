#include "service_manager.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <cstdint>

namespace fermata::host {
namespace {

uint64_t monotonic_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000 + static_cast<uint64_t>(now.tv_nsec) / 1'000;
}

}  // namespace

void ServiceManager::status(const std::string& text) { sd_notify(0, ("STATUS=" + text).c_str()); }
void ServiceManager::ready(const std::string& text) { sd_notify(0, ("READY=1\nSTATUS=" + text).c_str()); }
void ServiceManager::reloading() {
  sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(monotonic_microseconds())).c_str());
}
void ServiceManager::stopping() { sd_notify(0, "STOPPING=1\nSTATUS=finishing running work"); }
void ServiceManager::alive() { sd_notify(0, "WATCHDOG=1"); }

std::optional<std::chrono::milliseconds> ServiceManager::watchdog_interval() const {
  uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) <= 0) return {};
  return std::chrono::milliseconds(microseconds / 2000);  // twice as often as needed
}

}  // namespace fermata::host
