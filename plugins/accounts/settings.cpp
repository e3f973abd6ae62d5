#include "settings.hpp"

namespace fermata::accounts {
namespace {

std::string without_slash(std::string_view url) {
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

}  // namespace

Settings read_settings(const Config& config) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  Settings settings;
  if (config.has("public_url")) settings.public_url = without_slash(config["public_url"].string());
  settings.local_url = without_slash(config["local_url"].string());
  settings.admin_password = config["admin_password"].string();
  settings.admin_password_file = config["admin_password_file"].string();
  settings.admin_must_change = config["admin_must_change"].boolean();
  settings.sessions.idle = duration_cast<seconds>(config["session_idle"].duration());
  settings.sessions.lifetime = duration_cast<seconds>(config["session_lifetime"].duration());
  if (config.has("json_web_tokens")) {
    const auto tokens = config["json_web_tokens"];
    settings.web_tokens = {std::string(tokens["keys"].string()), std::string(tokens["issuer"].string()),
                           std::string(tokens["audience"].string()), std::string(tokens["user_claim"].string())};
  }
  return settings;
}

}  // namespace fermata::accounts
