#include "settings.hpp"

#include "fermata/error.hpp"

namespace fermata::alarms {
namespace {

int64_t microseconds(Config duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration.duration()).count();
}

MailSettings mail_settings(Config config) {
  MailSettings mail;
  mail.server = config["server"].string();
  mail.port = static_cast<uint16_t>(config["port"].integer());
  const auto security = config["security"].string();
  mail.security = security == "tls"        ? MailSettings::Security::tls
                  : security == "starttls" ? MailSettings::Security::starttls
                                           : MailSettings::Security::none;
  mail.ca_certificate = config["ca_certificate"].string();
  mail.user = config["user"].string();
  mail.password = config["password"].string();
  mail.envelope.from = config["from"].string();
  const auto to = config["to"];
  for (uint64_t i = 0; i < to.count(); ++i) mail.envelope.to.emplace_back(to.item(i).string());
  return mail;
}

}  // namespace

Settings read_settings(Config config) {
  Settings settings;
  settings.sender = {std::string(config["name"].string()), std::string(config["url"].string())};
  settings.rules.level = config["level"].string() == "failing" ? ConditionLevel::failing : ConditionLevel::warning;
  settings.rules.delay_us = microseconds(config["delay"]);
  settings.rules.repeat_us = microseconds(config["repeat"]);
  if (config.has("mail")) settings.mail = mail_settings(config["mail"]);
  if (config.has("web_hook")) {
    const auto hook = config["web_hook"];
    settings.web_hook = WebHookSettings{std::string(hook["url"].string()), std::string(hook["authorization"].string()),
                                        std::string(hook["ca_certificate"].string())};
  }
  if (!settings.mail && !settings.web_hook)
    throw Error(Code::invalid, "alarms reach nobody: give `mail` or `web_hook`, or switch the plugin off");
  return settings;
}

}  // namespace fermata::alarms
