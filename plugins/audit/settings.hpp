#pragma once
#include <chrono>
#include <optional>

#include "audit_message.hpp"
#include "fermata/config.hpp"
#include "syslog_connection.hpp"

namespace fermata::audit_trail {

struct Settings {
  std::chrono::milliseconds keep{};
  std::optional<SyslogSettings> syslog;
  AuditSource source;
};

Settings read_settings(Config config);

}  // namespace fermata::audit_trail
