#include "account_json.hpp"

#include "fermata/timestamp.hpp"
#include "random_token.hpp"
#include "roles.hpp"

namespace fermata::accounts {
namespace {

namespace json = boost::json;

/// 0: never.
json::value time_or_null(int64_t seconds) {
  return seconds == 0 ? json::value(nullptr) : json::value(json::string(time_text(seconds)));
}

json::array names(std::span<const std::string_view> list) {
  json::array all;
  for (const auto name : list) all.emplace_back(name);
  return all;
}

json::value visibility_json(const std::vector<VisibilityRule>& rules) {
  if (rules.empty()) return nullptr;
  json::array all;
  for (const auto& rule : rules)
    all.push_back(json::object{{"attribute", rule.attribute}, {"values", json::value_from(rule.values)}});
  return json::object{{"all_of", std::move(all)}};
}

json::object items(json::array list) { return {{"items", std::move(list)}}; }

}  // namespace

std::string time_text(int64_t seconds) { return rfc3339(seconds * 1'000'000); }

json::object user_json(const Account& account) {
  return {{"name", account.name},
          {"display_name", account.display_name},
          {"email", account.email},
          {"role", account.role},
          {"also", json::value_from(account.also)},
          {"enabled", account.enabled},
          {"created", time_text(account.created)},
          {"last_login", time_or_null(account.last_login)},
          {"must_change_password", account.must_change_password},
          {"visibility", visibility_json(account.visibility)}};
}

json::object session_json(const Caller& caller, bool setup_needed) {
  json::object out{{"setup_needed", setup_needed}, {"user", nullptr}};
  if (!caller.account) return out;
  const auto& account = *caller.account;
  json::array allowed;
  for (const auto permission : permissions())
    if (caller.may(permission)) allowed.emplace_back(permission);
  out["user"] = json::object{{"name", account.name},
                             {"display_name", account.display_name},
                             {"email", account.email},
                             {"role", account.role},
                             {"permissions", std::move(allowed)},
                             {"must_change_password", account.must_change_password},
                             {"sees_all_studies", account.visibility.empty()}};
  return out;
}

json::object sessions_json(const std::vector<Session>& sessions, std::string_view current_id) {
  json::array all;
  for (const auto& session : sessions)
    all.push_back(json::object{{"id", token_id(session.hash)},
                               {"created", time_text(session.created)},
                               {"last_used", time_text(session.last_used)},
                               {"address", session.address},
                               {"user_agent", session.user_agent},
                               {"current", token_id(session.hash) == current_id}});
  return items(std::move(all));
}

json::object tokens_json(const std::vector<AccessToken>& tokens, int64_t now) {
  json::array all;
  for (const auto& token : tokens)
    all.push_back(
        json::object{{"id", token_id(token.hash)},
                     {"label", token.label},
                     {"created", time_text(token.created)},
                     {"last_used", time_or_null(token.last_used)},
                     {"expires", time_or_null(token.expires)},
                     {"expired", token.expires != 0 && token.expires <= now},
                     {"permissions", token.permissions ? json::value_from(*token.permissions) : json::value(nullptr)}});
  return items(std::move(all));
}

json::object roles_json() {
  json::array all;
  for (const auto& role : roles())
    all.push_back(json::object{{"name", role.name}, {"permissions", names(role.permissions)}});
  return items(std::move(all));
}

}  // namespace fermata::accounts
