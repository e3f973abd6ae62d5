#include <catch2/catch.hpp>

#include "accounts_scene.hpp"

using namespace fermata;
using namespace fermata::accounts;
using namespace fermata::accounts::testing;

namespace {

/// jane is logged in.
struct Scene : ApiScene {
  Scene() {
    add("jane", "technician");
    log_in("jane");
  }
  uint32_t with_token(const std::string& token, const std::string& method, const std::string& url,
                      const boost::json::value& body = boost::json::object{}) {
    GivenRequest request;
    request.headers["authorization"] = "Bearer " + token;
    request.headers["content-type"] = "application/json";
    request.body = boost::json::serialize(body);
    return status(method, url, request);
  }
};

}  // namespace

TEST_CASE("what is somebody's own needs a login") {
  Scene scene;
  scene.cookie.clear();
  CHECK(scene.status("GET", "/api/session/tokens") == 401);
  CHECK(scene.status("GET", "/api/session/sessions") == 401);
  CHECK(scene.status("POST", "/api/session/tokens", boost::json::object{{"label", "x"}}) == 401);
  CHECK(scene.status("DELETE", "/api/session/tokens/1") == 401);
  CHECK(scene.status("DELETE", "/api/session/sessions/1") == 401);
  CHECK(scene.status("PUT", "/api/session/password", boost::json::object{{"old", "x"}, {"new", "y"}}) == 401);
}

TEST_CASE("a new password wants the old one, and ends all other sessions") {
  Scene scene;
  const auto mine = scene.cookie;
  scene.cookie.clear();
  scene.log_in("jane");
  const auto other = scene.cookie;
  scene.cookie = mine;
  const auto change = [&](const char* old, const char* changed) {
    return scene.status("PUT", "/api/session/password", boost::json::object{{"old", old}, {"new", changed}});
  };
  CHECK(change("wrong", "another horse") == 403);
  CHECK(change("correct horse", "short") == 400);
  CHECK(change("correct horse", "correct horse") == 400);
  CHECK(change("correct horse", "another horse") == 204);
  CHECK(scene.status("GET", "/api/session/sessions") == 200);
  scene.cookie = other;
  CHECK(scene.status("GET", "/api/session/sessions") == 401);
  CHECK(scene.log_in("jane", "another horse").code == 200);
}

TEST_CASE("who has to change the password can do that and nothing else") {
  Scene scene;
  scene.services->accounts.change("jane", [](Account& a) { a.must_change_password = true; });
  CHECK(scene.status("GET", "/api/session/tokens") == 403);
  CHECK(scene.status("POST", "/api/session/tokens", boost::json::object{{"label", "x"}}) == 403);
  CHECK(json(scene.call("GET", "/api/session")).at("user").at("must_change_password") == true);
  CHECK(scene.status("PUT", "/api/session/password",
                     boost::json::object{{"old", "correct horse"}, {"new", "another horse"}}) == 204);
  CHECK(scene.status("GET", "/api/session/tokens") == 200);
}

TEST_CASE("an access token is made, listed without its secret, and deleted") {
  Scene scene;
  const auto made = scene.call("POST", "/api/session/tokens",
                               {{"label", "backup"}, {"expires_days", 30}, {"permissions", {"studies.read"}}});
  CHECK(made.code == 201);
  const std::string token(json(made).at("token").as_string());
  const std::string id(json(made).at("id").as_string());
  const auto list = scene.call("GET", "/api/session/tokens");
  CHECK(list.body.find(token) == std::string::npos);
  const auto item = json(list).at("items").at(0);
  CHECK(item.at("id").as_string() == id);
  CHECK(item.at("label") == "backup");
  CHECK(item.at("last_used").is_null());
  CHECK(item.at("permissions").at(0) == "studies.read");
  CHECK(item.at("expires").as_string().size() == 20);
  CHECK(scene.services->tokens.find(token));
  CHECK(scene.call("DELETE", "/api/session/tokens/" + id).code == 204);
  CHECK(scene.status("DELETE", "/api/session/tokens/" + id) == 404);
  CHECK_FALSE(scene.services->tokens.find(token));
}

TEST_CASE("an access token gets no more than its user has, and no nonsense") {
  Scene scene;
  const auto make = [&](boost::json::object body) { return scene.status("POST", "/api/session/tokens", body); };
  CHECK(make({{"label", "x"}}) == 201);
  CHECK(make({{"label", "x"}, {"expires_days", nullptr}, {"permissions", nullptr}}) == 201);
  CHECK(make({{"label", "x"}, {"permissions", {"users.manage"}}}) == 403);
  CHECK(make({{"label", "x"}, {"permissions", {"fly"}}}) == 400);
  CHECK(make({{"label", "x"}, {"expires_days", 0}}) == 400);
  CHECK(make({{"label", "x"}, {"expires_days", "3"}}) == 400);
  CHECK(make({{"label", ""}}) == 400);
}

TEST_CASE("with an access token nobody makes others or changes the password") {
  Scene scene;
  const auto made = scene.call("POST", "/api/session/tokens", {{"label", "x"}});
  const std::string token(json(made).at("token").as_string());
  scene.cookie.clear();
  CHECK(scene.with_token(token, "POST", "/api/session/tokens", boost::json::object{{"label", "x"}}) == 403);
  CHECK(scene.with_token(token, "GET", "/api/session/tokens") == 403);
  CHECK(scene.with_token(token, "PUT", "/api/session/password",
                         boost::json::object{{"old", "correct horse"}, {"new", "another horse"}}) == 403);
  CHECK(scene.with_token(token, "GET", "/api/session") == 200);
}

TEST_CASE("people see where they are logged in, and end a session there") {
  Scene scene;
  const auto mine = scene.cookie;
  scene.cookie.clear();
  scene.log_in("jane");
  scene.cookie = mine;
  const auto items = json(scene.call("GET", "/api/session/sessions")).at("items").as_array();
  REQUIRE(items.size() == 2);
  const auto other = items[0].at("current") == true ? 1 : 0;
  CHECK(items[0].at("current") != items[1].at("current"));
  CHECK(items[0].at("address") == "127.0.0.1");
  const std::string id(items[other].at("id").as_string());
  CHECK(scene.status("DELETE", "/api/session/sessions/" + id) == 204);
  CHECK(scene.status("DELETE", "/api/session/sessions/" + id) == 404);
  CHECK(scene.services->sessions.of("jane").size() == 1);
}
