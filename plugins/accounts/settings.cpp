#include "settings.hpp"

namespace fermata::accounts {

Settings read_settings(const Config& config) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  Settings settings;
  if (config.has("public_url")) settings.public_url = config["public_url"].string();
  while (settings.public_url.ends_with('/')) settings.public_url.pop_back();
  settings.admin_password = config["admin_password"].string();
  settings.admin_password_file = config["admin_password_file"].string();
  settings.admin_must_change = config["admin_must_change"].boolean();
  settings.sessions.idle = duration_cast<seconds>(config["session_idle"].duration());
  settings.sessions.lifetime = duration_cast<seconds>(config["session_lifetime"].duration());
  return settings;
}

}  // namespace fermata::accounts
