#pragma once
#include <boost/json.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "account_services.hpp"
#include "fermata/testing/http_exchange.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/registered_routes.hpp"
#include "own_api.hpp"
#include "session_api.hpp"
#include "user_api.hpp"

namespace fermata::accounts::testing {

using fermata::testing::GivenRequest;
using fermata::testing::KeptResponse;

/// Passwords that are hashed in no time.
inline Settings quick_settings() {
  Settings settings;
  settings.hash_cost = {1, 8192};
  settings.hashes_at_once = 4;
  return settings;
}

/// Writes down what it is told: "user.login success jane".
class KeptTrail final : public AuditTrail {
 public:
  void record(const AuditEvent& event) override {
    lines.push_back(std::string(event.action) + (event.outcome == AuditEvent::Outcome::success ? " ok " : " refused ") +
                    std::string(event.user) + "/" + std::string(event.object));
  }
  std::vector<std::string> lines;
};

/// Accounts on a state store in memory, at a time that a test moves on.
class AccountsScene {
 public:
  explicit AccountsScene(Settings settings = quick_settings()) : given_settings(std::move(settings)) { restart(); }

  /// On what the state store has kept.
  void restart() {
    services = std::make_unique<AccountServices>(store, nullptr, &trail, given_settings, [this] { return now; });
  }
  /// A user with the password "correct horse".
  KnownAccount add(const std::string& name, const std::string& role = "viewer") {
    Account account;
    account.name = name;
    account.role = role;
    account.password_hash = services->hasher.hash(kPassword);
    account.created = now;
    return services->accounts.add(account);
  }

  static constexpr const char* kPassword = "correct horse";
  int64_t now = 1'800'000'000;
  Settings given_settings;
  fermata::testing::MemoryStateStore store;
  KeptTrail trail;
  std::unique_ptr<AccountServices> services;
};

/// The HTTP interface of accounts: a server that lets everybody pass, and a browser with one cookie.
class ApiScene : public AccountsScene {
 public:
  explicit ApiScene(Settings settings = quick_settings())
      : AccountsScene(std::move(settings)), session_api(*services), own_api(*services), user_api(*services) {
    session_api.add_to(routes);
    own_api.add_to(routes);
    user_api.add_to(routes);
  }

  KeptResponse call(const std::string& method, const std::string& url, const boost::json::value& body = nullptr) {
    GivenRequest request;
    if (!body.is_null()) {
      request.body = boost::json::serialize(body);
      request.headers["content-type"] = "application/json";
    }
    return call(method, url, std::move(request));
  }
  KeptResponse call(const std::string& method, const std::string& url, GivenRequest request) {
    const auto question = std::min(url.find('?'), url.size());
    request.method_given = method;
    request.path_given = url.substr(0, question);
    request.query_given = question == url.size() ? "" : url.substr(question + 1);
    request.user_given = user;
    if (!manages_users) request.forbidden = {std::string(kManageUsers)};
    if (!cookie.empty()) request.headers["cookie"] = cookie;
    KeptResponse response;
    handler_for(method, request).handle(request, response);
    if (const auto set = response.headers.find("set-cookie"); set != response.headers.end())
      cookie = set->second.substr(0, set->second.find(';'));
    return response;
  }
  /// The status of an answer, also where it is the server that makes it of an Error.
  template <class... Arguments>
  uint32_t status(Arguments&&... arguments) {
    try {
      return call(std::forward<Arguments>(arguments)...).code;
    } catch (const Error& error) {
      static const std::map<Code, uint32_t> kStatus{
          {Code::invalid, 400}, {Code::refused, 403}, {Code::not_found, 404}, {Code::conflict, 409}};
      const auto found = kStatus.find(error.code());
      return found == kStatus.end() ? 500 : found->second;
    }
  }
  KeptResponse log_in(const std::string& name, const std::string& password = kPassword) {
    return call("POST", "/api/session", {{"name", name}, {"password", password}});
  }

  fermata::testing::RegisteredRoutes registered;
  ApiRoutes routes{registered};
  SessionApi session_api;
  OwnApi own_api;
  UserApi user_api;
  std::string cookie;
  std::string user;  ///< as the server knows it
  bool manages_users = true;

 private:
  static std::vector<std::string> segments(std::string path) {
    std::vector<std::string> parts;
    for (std::size_t slash = 0; slash != std::string::npos;) {
      path.erase(0, 1);
      slash = path.find('/');
      parts.push_back(path.substr(0, slash));
      if (slash != std::string::npos) path.erase(0, slash);
    }
    return parts;
  }
  HttpHandler& handler_for(const std::string& method, GivenRequest& request) {
    const auto given = segments(request.path_given);
    for (const auto& route : registered.list()) {
      const auto wanted = segments(route.path);
      if (route.method != method || wanted.size() != given.size()) continue;
      request.parameters.clear();
      bool fits = true;
      for (std::size_t i = 0; i < given.size(); ++i)
        if (wanted[i].starts_with('{'))
          request.parameters[wanted[i].substr(1, wanted[i].size() - 2)] = given[i];
        else
          fits = fits && wanted[i] == given[i];
      if (fits) return *route.handler;
    }
    throw Error(Code::internal, "no route for " + method + " " + request.path_given);
  }
};

inline boost::json::value json(const KeptResponse& response) { return boost::json::parse(response.body); }

}  // namespace fermata::accounts::testing
