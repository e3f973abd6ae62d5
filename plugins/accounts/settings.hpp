#pragma once
#include <string>

#include "fermata/config.hpp"
#include "password_hasher.hpp"
#include "sessions.hpp"
#include "web_tokens.hpp"

namespace fermata::accounts {

/// What `schema.yaml` offers.
struct Settings {
  std::string public_url;  ///< without "/" at its end; empty: as the client calls the server
  std::string local_url = "http://127.0.0.1:8080";
  std::string admin_password;
  std::string admin_password_file;
  bool admin_must_change = true;
  SessionLimits sessions;
  WebTokenSettings web_tokens;
  HashCost hash_cost = HashCost::interactive();
  std::size_t hashes_at_once = 2;

  /// For links that are made without a client.
  std::string url_from_outside() const { return public_url.empty() ? local_url : public_url; }
};

Settings read_settings(const Config& config);

}  // namespace fermata::accounts
