#include "user_api.hpp"

#include "account_json.hpp"
#include "requester.hpp"
#include "schemas.hpp"

namespace fermata::accounts {
namespace {

std::string body_schema() {
  auto schema = boost::json::parse(user_schema()).as_object();
  auto& properties = schema.at("properties").as_object();
  for (const auto* name : {"created", "last_login"}) properties.erase(name);
  properties["password"] = boost::json::object{{"type", "string"}};
  return boost::json::serialize(schema);
}

std::string added_schema() {
  auto schema = boost::json::parse(user_schema()).as_object();
  schema.at("properties").as_object()["setup_link"] =
      boost::json::object{{"type", boost::json::array{"string", "null"}}};
  return boost::json::serialize(schema);
}

/// The members that an administrator may set, as far as they are there.
void apply(const RequestObject& body, Account& account) {
  if (body.has("display_name")) account.display_name = checked_display_name(body.text("display_name"));
  if (body.has("email")) account.email = checked_email(body.text("email"));
  if (body.has("role")) account.role = checked_role(body.text("role")).name;
  if (body.has("also")) account.also = checked_also(body.texts("also"));
  if (body.has("enabled")) account.enabled = body.flag("enabled");
  if (body.has("visibility")) account.visibility = body.visibility("visibility");
  if (body.has("must_change_password")) account.must_change_password = body.flag("must_change_password");
}

/// For the audit trail: "role clinician, also studies.store".
std::string rights_text(const Account& account) {
  auto text = "role " + account.role;
  for (const auto& permission : account.also) text += ", also " + permission;
  return text;
}

}  // namespace

void UserApi::add_to(ApiRoutes& routes) {
  add_account_routes(routes);
  add_secret_routes(routes);
}

void UserApi::add_account_routes(ApiRoutes& routes) {
  const auto route = [&](std::string_view method, std::string_view path, const api::Operation& operation,
                         ApiRoutes::Answer answer) {
    routes.add(method, path, kManageUsers, operation,
               [answer = std::move(answer)](HttpRequest& request, HttpResponse& response) {
                 check_manages_users(request);
                 answer(request, response);
               });
  };
  const std::string_view one = "/api/users/{name}";
  route("GET", "/api/roles",
        {.summary = "The roles and what they may",
         .group = kGroup,
         .id = "listRoles",
         .answer = list_schema(
             object_schema(R"("name":{"type":"string"},"permissions":{"type":"array","items":{"type":"string"}})")),
         .refusals = refusals({403})},
        [](auto&, auto& response) { api::answer_json(response, roles_json()); });
  route("GET", "/api/users",
        {.summary = "All accounts",
         .group = kGroup,
         .id = "listUsers",
         .answer = list_schema(user_schema()),
         .refusals = refusals({403})},
        [this](auto&, auto& response) {
          boost::json::array items;
          for (const auto& account : services_.accounts.list()) items.push_back(user_json(*account));
          api::answer_json(response, boost::json::object{{"items", std::move(items)}});
        });
  route("POST", "/api/users",
        {.summary = "Add an account; without a password it gets a link to set one",
         .group = kGroup,
         .id = "addUser",
         .body = body_schema(),
         .status = "201",
         .answer = added_schema(),
         .refusals = refusals({400, 403, 409})},
        [this](auto& request, auto& response) { add(request, response); });
  route("PATCH", one,
        {.summary = "Change an account",
         .group = kGroup,
         .id = "changeUser",
         .body = body_schema(),
         .answer = user_schema(),
         .refusals = refusals({400, 403, 404, 409})},
        [this](auto& request, auto& response) { change(request, response); });
  route("DELETE", one,
        {.summary = "Delete an account",
         .group = kGroup,
         .id = "removeUser",
         .status = "204",
         .answer_type = {},
         .refusals = refusals({403, 404, 409})},
        [this](auto& request, auto& response) { remove(request, response); });
  route("POST", "/api/users/{name}/reset",
        {.summary = "Make a link with which the account's password is set anew",
         .group = kGroup,
         .id = "resetUser",
         .answer = setup_link_schema(),
         .refusals = refusals({403, 404})},
        [this](auto& request, auto& response) { reset(request, response); });
}

void UserApi::add_secret_routes(ApiRoutes& routes) {
  using Use = std::function<void(const Account&, HttpRequest&, HttpResponse&)>;
  const auto route = [&](std::string_view method, std::string_view path, const api::Operation& operation, Use use) {
    routes.add(method, path, kManageUsers, operation,
               [this, use = std::move(use)](HttpRequest& request, HttpResponse& response) {
                 check_manages_users(request);
                 use(*named(request), request, response);
               });
  };
  route("GET", "/api/users/{name}/sessions",
        {.summary = "Where somebody is logged in",
         .group = kGroup,
         .id = "listUserSessions",
         .answer = list_schema(kept_session_schema()),
         .refusals = refusals({403, 404})},
        [this](auto& account, auto& request, auto& response) {
          const auto current = requester(services_.callers, request).id;
          api::answer_json(response, sessions_json(services_.sessions.of(account.name), current));
        });
  route("GET", "/api/users/{name}/tokens",
        {.summary = "Somebody's access tokens",
         .group = kGroup,
         .id = "listUserTokens",
         .answer = list_schema(token_schema()),
         .refusals = refusals({403, 404})},
        [this](auto& account, auto&, auto& response) {
          api::answer_json(response, tokens_json(services_.tokens.of(account.name), services_.clock()));
        });
  route("DELETE", "/api/users/{name}/sessions/{id}",
        {.summary = "End a session of somebody",
         .group = kGroup,
         .id = "endUserSession",
         .status = "204",
         .answer_type = {},
         .refusals = refusals({403, 404})},
        [this](auto& account, auto& request, auto& response) {
          services_.sessions.close(account.name, request.parameter("id"));
          tell(request, account.name, "ended a session");
          send_nothing(response);
        });
  route("DELETE", "/api/users/{name}/tokens/{id}",
        {.summary = "Delete an access token of somebody",
         .group = kGroup,
         .id = "removeUserToken",
         .status = "204",
         .answer_type = {},
         .refusals = refusals({403, 404})},
        [this](auto& account, auto& request, auto& response) {
          services_.tokens.remove(account.name, request.parameter("id"));
          tell(request, account.name, "deleted an access token");
          send_nothing(response);
        });
}

void UserApi::add(HttpRequest& request, HttpResponse& response) {
  const RequestObject body(request, {"name", "display_name", "email", "role", "also", "password", "visibility",
                                     "enabled", "must_change_password"});
  Account account;
  account.name = checked_name(body.text("name"));
  account.role = checked_role(body.text("role")).name;
  account.created = services_.clock();
  account.must_change_password = !body.is_null("password");  // whoever else knows it is not to log in with it
  apply(body, account);
  if (services_.accounts.find(account.name)) throw Error(Code::conflict, "There is an account of this name already.");
  if (!body.is_null("password")) {
    check_password(account.name, body.text("password"));
    account.password_hash = services_.hasher.hash(body.text("password"));
  }
  const auto added = services_.accounts.add(account);
  tell(request, added->name, "added, " + rights_text(*added));
  auto answer = user_json(*added);
  answer["setup_link"] = nullptr;
  if (added->password_hash.empty()) answer["setup_link"] = make_link(request, added->name);
  api::answer_json(response, answer, 201);
}

void UserApi::change(HttpRequest& request, HttpResponse& response) {
  const RequestObject body(
      request, {"display_name", "email", "role", "also", "password", "visibility", "enabled", "must_change_password"});
  const auto before = named(request);
  const bool own = request.user() == before->name;
  std::string hash;
  if (!body.is_null("password")) {
    check_password(before->name, body.text("password"));
    hash = services_.hasher.hash(body.text("password"));
  }
  const auto after = services_.accounts.change(before->name, [&](Account& account) {
    if (!hash.empty()) {
      account.password_hash = hash;
      account.must_change_password = !own;
      account.setup.reset();
    }
    apply(body, account);
  });
  if (!hash.empty() || !after->enabled)
    services_.sessions.close_all(after->name, own ? requester(services_.callers, request).id : std::string());
  tell(request, after->name,
       std::string(after->enabled ? "changed" : "changed, disabled") + ", " + rights_text(*after) +
           (hash.empty() ? "" : ", new password"));
  api::answer_json(response, user_json(*after));
}

void UserApi::remove(HttpRequest& request, HttpResponse& response) {
  const auto account = named(request);
  services_.accounts.remove(account->name);
  services_.sessions.close_all(account->name, {});
  services_.tokens.remove_all(account->name);
  tell(request, account->name, "deleted");
  send_nothing(response);
}

void UserApi::reset(HttpRequest& request, HttpResponse& response) {
  const auto account = named(request);
  tell(request, account->name, "made a link to set a password");
  api::answer_json(response, boost::json::object{{"setup_link", make_link(request, account->name)}});
}

std::string UserApi::make_link(HttpRequest& request, std::string_view name) {
  const auto& configured = services_.settings.public_url;
  return setup_url(configured.empty() ? request.base_url() : std::string_view(configured),
                   services_.links.make_for(name));
}

KnownAccount UserApi::named(HttpRequest& request) { return services_.accounts.get(request.parameter("name")); }

void UserApi::tell(HttpRequest& request, std::string_view name, std::string_view how) const {
  services_.events.changed(request.user(), request.peer_address(), name, how);
}

}  // namespace fermata::accounts
