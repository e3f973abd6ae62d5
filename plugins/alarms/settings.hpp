#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "alarm_book.hpp"
#include "fermata/config.hpp"
#include "letter.hpp"

namespace fermata::alarms {

struct MailSettings {
  enum class Security { none, starttls, tls };
  std::string server;
  uint16_t port = 587;
  Security security = Security::starttls;
  std::string ca_certificate;
  std::string user;
  std::string password;
  Envelope envelope;
};

struct WebHookSettings {
  std::string url;
  std::string authorization;
  std::string ca_certificate;
};

/// What `schema.yaml` describes.
struct Settings {
  Sender sender;
  Rules rules;
  std::optional<MailSettings> mail;
  std::optional<WebHookSettings> web_hook;
};

/// **Errors**: invalid, if nobody would be told.
Settings read_settings(Config config);

}  // namespace fermata::alarms
