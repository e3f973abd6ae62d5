#include <catch2/catch.hpp>

#include "accounts_scene.hpp"
#include "first_administrator.hpp"

using namespace fermata;
using namespace fermata::accounts;
using namespace fermata::accounts::testing;

namespace {

std::string user_of(const KeptResponse& response) {
  const auto value = json(response);
  const auto* user = value.at("user").if_object();
  return user == nullptr ? "" : std::string(user->at("name").as_string());
}

}  // namespace

TEST_CASE("nobody is logged in until they log in, and again after they log out") {
  ApiScene scene;
  scene.add("root", "administrator");
  CHECK(user_of(scene.call("GET", "/api/session")).empty());
  CHECK(json(scene.call("GET", "/api/session")).at("setup_needed") == false);

  const auto answer = scene.log_in("Root");
  CHECK(answer.code == 200);
  const auto user = json(answer).at("user");
  CHECK(user.at("name") == "root");
  CHECK(user.at("role") == "administrator");
  CHECK(user.at("must_change_password") == false);
  CHECK(user.at("sees_all_studies") == true);
  CHECK(user.at("permissions").as_array().size() == permissions().size());
  CHECK(answer.body.find("argon2") == std::string::npos);
  const auto& cookie = answer.headers.at("set-cookie");
  CHECK(cookie.find("HttpOnly") != std::string::npos);
  CHECK(cookie.find("SameSite=Strict") != std::string::npos);
  CHECK(cookie.find("Path=/") != std::string::npos);
  CHECK(cookie.find("Secure") == std::string::npos);  // this server speaks http
  CHECK(answer.headers.at("cache-control") == "no-store");
  CHECK(user_of(scene.call("GET", "/api/session")) == "root");

  const auto before = scene.cookie;
  const auto out = scene.call("DELETE", "/api/session");
  CHECK(out.code == 204);
  CHECK(out.headers.at("set-cookie").find("Max-Age=0") != std::string::npos);
  scene.cookie = before;
  CHECK(user_of(scene.call("GET", "/api/session")).empty());
  CHECK(scene.trail.lines == std::vector<std::string>{"user.login ok root/root", "user.logout ok root/root"});
}

TEST_CASE("a wrong login is 401, and too many are 429 with the time to wait") {
  ApiScene scene;
  scene.add("jane");
  for (int i = 0; i < 5; ++i) {
    const auto answer = scene.log_in("jane", "wrong");
    CHECK(answer.code == 401);
    CHECK(json(answer).at("detail") == PasswordLogin::kWrong);
    CHECK(answer.headers.count("set-cookie") == 0);
  }
  const auto answer = scene.log_in("jane");
  CHECK(answer.code == 429);
  CHECK(answer.headers.at("retry-after") == "1");
  scene.now += 1;
  CHECK(scene.log_in("jane").code == 200);
}

TEST_CASE("each login is a session of its own, in place of the one that the browser had") {
  ApiScene scene;
  scene.add("jane");
  scene.log_in("jane");
  const auto first = scene.cookie;
  scene.log_in("jane");
  CHECK(scene.cookie != first);
  CHECK(scene.services->sessions.of("jane").size() == 1);
}

TEST_CASE("a body that is not as it has to be is refused") {
  ApiScene scene;
  const auto post = [&](const std::string& body, const std::string& type = "application/json") {
    GivenRequest request;
    request.body = body;
    request.headers["content-type"] = type;
    return scene.status("POST", "/api/session", request);
  };
  CHECK(post("rubbish") == 400);
  CHECK(post("[]") == 400);
  CHECK(post(R"({"name":"a"})") == 400);
  CHECK(post(R"({"name":1,"password":"x"})") == 400);
  CHECK(post(R"({"name":"a","password":"x","more":1})") == 400);
  CHECK(post(R"({"name":"a","password":"x"})", "text/plain") == 415);
  CHECK(post(R"({"name":"a","password":"x"})", "application/json; charset=utf-8") == 401);
  CHECK(post(R"({"name":"a","password":")" + std::string(70'000, 'x') + R"("})") == 413);
}

TEST_CASE("the link of the first start makes the first administrator, once") {
  ApiScene scene;
  CHECK(json(scene.call("GET", "/api/session")).at("setup_needed") == true);
  const auto link = provide_first_administrator(*scene.services).link;
  const auto token = link.substr(link.find("=") + 1);
  const auto shown = scene.call("GET", "/api/setup?token=" + token);
  CHECK(json(shown).at("name").is_null());
  CHECK(scene.status("GET", "/api/setup?token=wrong") == 404);
  CHECK(scene.status("GET", "/api/setup") == 404);

  const auto body = [&](const char* name, const char* password) {
    return boost::json::value{{"token", token}, {"name", name}, {"display_name", "Root"}, {"password", password}};
  };
  CHECK(scene.status("POST", "/api/setup", body("r t", "long enough")) == 400);
  CHECK(scene.status("POST", "/api/setup", body("root", "short")) == 400);
  const auto answer = scene.call("POST", "/api/setup", body("root", "long enough"));
  CHECK(answer.code == 200);
  CHECK(user_of(answer) == "root");
  CHECK(user_of(scene.call("GET", "/api/session")) == "root");
  CHECK(json(answer).at("setup_needed") == false);
  CHECK(scene.status("POST", "/api/setup", body("second", "long enough")) == 404);
}

TEST_CASE("a link of an account sets its password and ends its sessions; its name stays") {
  ApiScene scene;
  scene.add("jane");
  scene.log_in("jane");
  const auto old = scene.cookie;
  scene.cookie.clear();
  const auto token = scene.services->links.make_for("jane");
  CHECK(json(scene.call("GET", "/api/setup?token=" + token)).at("name") == "jane");
  const auto answer =
      scene.call("POST", "/api/setup", {{"token", token}, {"name", "other"}, {"password", "a new password"}});
  CHECK(user_of(answer) == "jane");
  CHECK(scene.log_in("jane", "a new password").code == 200);
  scene.cookie = old;
  CHECK(user_of(scene.call("GET", "/api/session")).empty());
}
