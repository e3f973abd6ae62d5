#include "session_api.hpp"

#include "account_json.hpp"
#include "problem.hpp"
#include "request_object.hpp"
#include "requester.hpp"
#include "schemas.hpp"

namespace fermata::accounts {
namespace {

/// The query parameter `token`. Tokens have no character that would be escaped.
std::string_view token_in(std::string_view query) {
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto parameter = query.substr(0, end);
    if (parameter.starts_with("token=")) return parameter.substr(6);
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return {};
}

}  // namespace

void SessionApi::add_to(ApiRoutes& routes) {
  routes.add("GET", "/api/session", "",
             {.summary = "Who is logged in", .group = kGroup, .id = "getSession", .answer = session_schema()},
             [this](auto& request, auto& response) { show(request, response); });
  routes.add("POST", "/api/session", "",
             {.summary = "Log in with name and password; a cookie keeps it",
              .group = kGroup,
              .id = "logIn",
              .body = object_schema(R"("name":{"type":"string"},"password":{"type":"string"})"),
              .answer = session_schema(),
              .refusals = refusals({400, 401, 413, 415, 429})},
             [this](auto& request, auto& response) { log_in(request, response); });
  routes.add("DELETE", "/api/session", "",
             {.summary = "Log out", .group = kGroup, .id = "logOut", .status = "204", .answer_type = {}},
             [this](auto& request, auto& response) { log_out(request, response); });
  routes.add("GET", "/api/setup", "",
             {.summary = "Whom a link is for that sets a password",
              .group = kGroup,
              .id = "getSetup",
              .parameters = {{"token", {}, true}},
              .answer = object_schema(R"("name":{"type":["string","null"]},"display_name":{"type":"string"})"),
              .refusals = refusals({404})},
             [this](auto& request, auto& response) { show_setup(request, response); });
  routes.add("POST", "/api/setup", "",
             {.summary = "Set a password with a link: of the first administrator, or of the account it is for",
              .group = kGroup,
              .id = "setUp",
              .body = object_schema(R"("token":{"type":"string"},"name":{"type":"string"},)"
                                    R"("display_name":{"type":"string"},"password":{"type":"string"})"),
              .answer = session_schema(),
              .refusals = refusals({400, 404, 409, 413, 415})},
             [this](auto& request, auto& response) { set_up(request, response); });
}

void SessionApi::show(HttpRequest& request, HttpResponse& response) {
  api::answer_json(response,
                   session_json(requester(services_.callers, request), !services_.accounts.has_administrator()));
}

void SessionApi::log_in(HttpRequest& request, HttpResponse& response) {
  const RequestObject body(request, {"name", "password"});
  KnownAccount account;
  try {
    account = services_.login.check(body.text("name"), body.text("password"), request.peer_address());
  } catch (const Error& error) {
    if (error.code() != Code::refused) throw;
    throw Problem(401, error.what());
  }
  open_session(account, request, response);
}

void SessionApi::log_out(HttpRequest& request, HttpResponse& response) {
  end_session(request);
  clear_session_cookie(request, response);
  send_nothing(response);
}

void SessionApi::show_setup(HttpRequest& request, HttpResponse& response) {
  const auto holder = services_.links.holder(token_in(request.query()));
  boost::json::object body{{"name", nullptr}, {"display_name", ""}};
  if (holder) body = {{"name", holder->name}, {"display_name", holder->display_name}};
  api::answer_json(response, body);
}

void SessionApi::set_up(HttpRequest& request, HttpResponse& response) {
  const RequestObject body(request, {"token", "name", "display_name", "password"});
  const auto token = body.text("token");
  const auto holder = services_.links.holder(token);
  const auto name = holder ? holder->name : checked_name(body.text("name"));
  const auto display_name = checked_display_name(body.text_or("display_name", ""));
  const auto password = body.text("password");
  check_password(name, password);
  const auto account = services_.links.redeem(token, name, display_name, services_.hasher.hash(password));
  services_.sessions.close_all(account->name, {});
  services_.events.changed(account->name, request.peer_address(), account->name, "set a password with a link");
  open_session(account, request, response);
}

/// A new one with each login: a cookie that somebody else has put there never becomes a login.
void SessionApi::open_session(const KnownAccount& account, HttpRequest& request, HttpResponse& response) {
  end_session(request);
  const auto token = services_.sessions.open(account->name, request.peer_address(), request.header("User-Agent"));
  services_.throttle.trust(account->name, request.peer_address());
  services_.events.logged_in(account->name, request.peer_address());
  set_session_cookie(request, response, token);
  const Caller caller{account, Caller::Means::session, {}, {}};
  api::answer_json(response, session_json(caller, !services_.accounts.has_administrator()));
}

void SessionApi::end_session(HttpRequest& request) {
  const auto session = services_.sessions.find(session_cookie(request.header("Cookie")));
  if (!session) return;
  services_.sessions.close(session->user, token_id(session->hash));
  services_.events.logged_out(session->user, request.peer_address());
}

}  // namespace fermata::accounts
