#include "own_api.hpp"

#include <algorithm>

#include "account_json.hpp"
#include "problem.hpp"
#include "request_object.hpp"
#include "requester.hpp"
#include "schemas.hpp"

namespace fermata::accounts {
namespace {

constexpr std::size_t kLongestLabel = 100;
constexpr int64_t kMostDays = 3650;
constexpr int64_t kDay = 24 * 3600;

std::string checked_label(const std::string& label) {
  if (label.empty() || label.size() > kLongestLabel)
    throw Error(Code::invalid, "The label of an access token has 1 to 100 bytes. Say what it is for.");
  return checked_display_name(label);
}

int64_t checked_expiry(const RequestObject& body, int64_t now) {
  if (body.is_null("expires_days")) return 0;
  const auto days = body.number("expires_days");
  if (days < 1 || days > kMostDays) throw Error(Code::invalid, "An access token is good for 1 to 3650 days.");
  return now + days * kDay;
}

std::vector<std::string> checked_permissions(std::vector<std::string> wanted, const Account& account) {
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  for (const auto& permission : wanted) {
    const auto all = permissions();
    if (std::find(all.begin(), all.end(), permission) == all.end())
      throw Error(Code::invalid, "An access token can't have a permission that does not exist.");
    if (!account.may(permission))
      throw Error(Code::refused,
                  "An access token can't have the permission " + permission + ", which its account does not have.");
  }
  return wanted;
}

}  // namespace

void OwnApi::add_to(ApiRoutes& routes) {
  routes.add("PUT", "/api/session/password", "",
             {.summary = "Change one's own password; all other sessions end",
              .group = kGroup,
              .id = "changePassword",
              .body = object_schema(R"("old":{"type":"string"},"new":{"type":"string"})"),
              .status = "204",
              .answer_type = {},
              .refusals = refusals({400, 401, 403, 429})},
             [this](auto& request, auto& response) { change_password(request, response); });
  routes.add("GET", "/api/session/tokens", "",
             {.summary = "One's own access tokens",
              .group = kGroup,
              .id = "listTokens",
              .answer = list_schema(token_schema()),
              .refusals = refusals({401})},
             [this](auto& request, auto& response) {
               const auto caller = settled_person(request);
               api::answer_json(response, tokens_json(services_.tokens.of(caller.account->name), services_.clock()));
             });
  routes.add("POST", "/api/session/tokens", "",
             {.summary = "Make an access token, which is shown only now",
              .group = kGroup,
              .id = "addToken",
              .body = object_schema(R"("label":{"type":"string"},"expires_days":{"type":["integer","null"]},)"
                                    R"("permissions":{"type":["array","null"],"items":{"type":"string"}})"),
              .status = "201",
              .answer = object_schema(R"("id":{"type":"string"},"token":{"type":"string"})"),
              .refusals = refusals({400, 401, 403})},
             [this](auto& request, auto& response) { add_token(request, response); });
  routes.add("DELETE", "/api/session/tokens/{id}", "",
             {.summary = "Delete an access token",
              .group = kGroup,
              .id = "removeToken",
              .status = "204",
              .answer_type = {},
              .refusals = refusals({401, 403, 404})},
             [this](auto& request, auto& response) {
               const auto caller = settled_person(request);
               services_.tokens.remove(caller.account->name, request.parameter("id"));
               services_.events.changed(caller.account->name, request.peer_address(), caller.account->name,
                                        "deleted an access token");
               send_nothing(response);
             });
  routes.add("GET", "/api/session/sessions", "",
             {.summary = "Where one is logged in",
              .group = kGroup,
              .id = "listSessions",
              .answer = list_schema(kept_session_schema()),
              .refusals = refusals({401})},
             [this](auto& request, auto& response) {
               const auto caller = settled_person(request);
               api::answer_json(response, sessions_json(services_.sessions.of(caller.account->name), caller.id));
             });
  routes.add("DELETE", "/api/session/sessions/{id}", "",
             {.summary = "End one of one's own sessions",
              .group = kGroup,
              .id = "endSession",
              .status = "204",
              .answer_type = {},
              .refusals = refusals({401, 403, 404})},
             [this](auto& request, auto& response) {
               const auto caller = settled_person(request);
               services_.sessions.close(caller.account->name, request.parameter("id"));
               send_nothing(response);
             });
}

void OwnApi::change_password(HttpRequest& request, HttpResponse& response) {
  const auto caller = person(services_.callers, request);
  const RequestObject body(request, {"old", "new"});
  const auto& name = caller.account->name;
  const auto password = body.text("new");
  check_password(name, password);
  const auto old = body.text("old");
  if (password == old) throw Error(Code::invalid, "The new password has to be another one than the old one.");
  services_.login.check(name, old, request.peer_address());  // 403 where it is wrong: the session goes on
  const auto hash = services_.hasher.hash(password);
  services_.accounts.change(name, [&](Account& account) {
    account.password_hash = hash;
    account.must_change_password = false;
    account.setup.reset();
  });
  services_.sessions.close_all(name, caller.id);
  services_.events.changed(name, request.peer_address(), name, "changed the password");
  send_nothing(response);
}

void OwnApi::add_token(HttpRequest& request, HttpResponse& response) {
  const auto caller = settled_person(request);
  const RequestObject body(request, {"label", "expires_days", "permissions"});
  AccessToken token;
  token.user = caller.account->name;
  token.label = checked_label(body.text("label"));
  token.expires = checked_expiry(body, services_.clock());
  if (!body.is_null("permissions")) token.permissions = checked_permissions(body.texts("permissions"), *caller.account);
  const auto secret = services_.tokens.add(token);
  services_.events.changed(token.user, request.peer_address(), token.user, "made an access token");
  api::answer_json(response, boost::json::object{{"id", token_id(token_hash(secret))}, {"token", secret}}, 201);
}

Caller OwnApi::settled_person(HttpRequest& request) {
  auto caller = person(services_.callers, request);
  check_settled(*caller.account);
  return caller;
}

}  // namespace fermata::accounts
