#include "web_tokens.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "fermata/error.hpp"

namespace fermata::accounts {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongest = 16 * 1024;
constexpr int64_t kLeeway = 60;  // seconds that clocks may differ by
constexpr std::chrono::seconds kInterval{1};

[[noreturn]] void refuse(const std::string& why) { throw Error(Code::refused, "The JSON Web Token " + why + "."); }

struct Parts {
  std::string_view signed_text;
  json::object header;
  json::object claims;
  std::string signature;
};

json::object object_of(std::string_view encoded) {
  json::parse_options options;
  options.max_depth = 8;
  return json::parse(base64url_decoded(encoded), {}, options).as_object();
}

Parts take_apart(std::string_view token) {
  if (token.size() > kLongest) refuse("is longer than 16 KiB");
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  try {
    return {token.substr(0, second), object_of(token.substr(0, first)),
            object_of(token.substr(first + 1, second - first - 1)), base64url_decoded(token.substr(second + 1))};
  } catch (const std::exception&) {
    refuse("is malformed");
  }
}

std::string text_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<double> number_member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return {};
  if (!value->is_number()) refuse("is malformed");
  return value->to_number<double>();
}

bool is_for(const json::object& claims, const std::string& audience) {
  const auto* value = claims.if_contains("aud");
  if (value == nullptr) return false;
  if (value->is_string()) return value->as_string() == audience;
  return value->is_array() && std::any_of(value->as_array().begin(), value->as_array().end(), [&](const auto& one) {
           return one.is_string() && one.as_string() == audience;
         });
}

void check_signature(const Parts& parts, const std::vector<WebKey>& keys) {
  const auto algorithm = text_member(parts.header, "alg");
  const auto id = text_member(parts.header, "kid");
  if (parts.header.contains("crit")) refuse("has extensions that are not known here");
  for (const auto& key : keys) {
    const bool fits = key.algorithm == algorithm && (id.empty() || key.id.empty() || key.id == id);
    if (fits && key.verifies(parts.signed_text, parts.signature)) return;
  }
  refuse("is not signed by a key that is known here");
}

void check_claims(const json::object& claims, const WebTokenSettings& settings, int64_t now) {
  const auto expires = number_member(claims, "exp");
  if (!expires) refuse("never expires, which is not accepted");
  if (*expires + kLeeway <= static_cast<double>(now)) refuse("has expired");
  if (number_member(claims, "nbf").value_or(0) - kLeeway > static_cast<double>(now)) refuse("is not valid yet");
  if (!settings.issuer.empty() && text_member(claims, "iss") != settings.issuer) refuse("comes from another issuer");
  if (!settings.audience.empty() && !is_for(claims, settings.audience)) refuse("is meant for somebody else");
}

std::string stamp_of(const std::string& file) {
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return {};
  return std::to_string(found.st_ino) + ' ' + std::to_string(found.st_size) + ' ' +
         std::to_string(found.st_mtim.tv_sec) + ' ' + std::to_string(found.st_mtim.tv_nsec);
}

}  // namespace

WebTokens::WebTokens(WebTokenSettings settings, const Clock& clock) : settings_(std::move(settings)), clock_(clock) {
  if (settings_.keys.empty()) return;
  stamp_ = stamp_of(settings_.keys);
  keys_ = load();
}

bool WebTokens::is_one(std::string_view token) { return std::count(token.begin(), token.end(), '.') == 2; }

WebTokens::Keys WebTokens::load() const {
  std::ifstream file(settings_.keys, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) throw Error(Code::invalid, "`json_web_tokens.keys` " + settings_.keys + " can't be read");
  try {
    return std::make_shared<const std::vector<WebKey>>(read_web_keys(text));
  } catch (const Error& error) {
    throw Error(Code::invalid, "`json_web_tokens.keys` " + settings_.keys + " can't be used: " + error.what());
  }
}

WebTokens::Keys WebTokens::keys() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (settings_.keys.empty() || now - looked_ < kInterval) return keys_;
  looked_ = now;
  const auto stamp = stamp_of(settings_.keys);
  if (stamp == stamp_) return keys_;
  stamp_ = stamp;
  try {
    keys_ = load();
  } catch (const Error&) {  // the old ones go on
  }
  return keys_;
}

WebTokenClaims WebTokens::check(std::string_view token) {
  const auto keys = this->keys();
  if (!keys) refuse("can't be checked: `json_web_tokens` of the plugin accounts names no keys");
  const auto parts = take_apart(token);
  check_signature(parts, *keys);
  check_claims(parts.claims, settings_, clock_());
  WebTokenClaims claims;
  claims.user = text_member(parts.claims, settings_.user_claim);
  claims.issued = static_cast<int64_t>(number_member(parts.claims, "iat").value_or(0));
  if (claims.user.empty()) refuse("names no user in its claim " + settings_.user_claim);
  return claims;
}

}  // namespace fermata::accounts
