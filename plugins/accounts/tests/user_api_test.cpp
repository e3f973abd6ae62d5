#include <catch2/catch.hpp>

#include "accounts_scene.hpp"

using namespace fermata;
using namespace fermata::accounts;
using namespace fermata::accounts::testing;

namespace {

struct Scene : ApiScene {
  explicit Scene(Settings settings = quick_settings()) : ApiScene(std::move(settings)) {
    add("root", "administrator");
    user = "root";
  }
};

}  // namespace

TEST_CASE("only who manages users may see and change accounts") {
  Scene scene;
  scene.manages_users = false;
  for (const auto& route : scene.registered.list()) {
    if (!route.path.starts_with("/api/users") && route.path != "/api/roles") continue;
    INFO(route.method << ' ' << route.path);
    CHECK(route.permission == "users.manage");
    CHECK(scene.status(route.method, route.path) == 403);
  }
}

TEST_CASE("an account without a password is added with a link to set one") {
  Scene scene;
  const auto answer =
      scene.call("POST", "/api/users",
                 {{"name", "Jane"}, {"display_name", "Jane Doe"}, {"email", "j@example.org"}, {"role", "viewer"}});
  CHECK(answer.code == 201);
  const auto user = json(answer);
  CHECK(user.at("name") == "jane");
  CHECK(user.at("enabled") == true);
  CHECK(user.at("last_login").is_null());
  CHECK(user.at("visibility").is_null());
  const std::string link(user.at("setup_link").as_string());
  CHECK(link.starts_with("http://archive.example/?setup="));
  CHECK(scene.services->links.holder(link.substr(link.find('=') + 1))->name == "jane");
  CHECK(scene.status("POST", "/api/users", boost::json::object{{"name", "jane"}, {"role", "viewer"}}) == 409);
}

TEST_CASE("an account is given single permissions besides its role, and they are taken away again") {
  Scene scene;
  scene.call("POST", "/api/users", {{"name", "jane"}, {"role", "clinician"}, {"also", {"studies.store"}}});
  CHECK(scene.services->accounts.get("jane")->may("studies.store"));
  CHECK(json(scene.call("PATCH", "/api/users/jane", {{"email", "j@example.org"}})).at("also").as_array().size() == 1);
  CHECK(scene.status("PATCH", "/api/users/jane", boost::json::object{{"also", {"users.manage"}}}) == 400);
  CHECK(json(scene.call("PATCH", "/api/users/jane", {{"also", boost::json::array()}})).at("also").as_array().empty());
  CHECK_FALSE(scene.services->accounts.get("jane")->may("studies.store"));
}

TEST_CASE("an account with a password has to change it, unless that is said") {
  Scene scene;
  const auto add = [&](boost::json::object body) {
    body["role"] = "viewer";
    body["password"] = "long enough";
    return json(scene.call("POST", "/api/users", body));
  };
  const auto jane = add({{"name", "jane"}});
  CHECK(jane.at("must_change_password") == true);
  CHECK(jane.at("setup_link").is_null());
  CHECK(add({{"name", "robot"}, {"must_change_password", false}}).at("must_change_password") == false);
}

TEST_CASE("nonsense is refused, and leaves everything as it was") {
  Scene scene;
  const auto add = [&](boost::json::object body) { return scene.status("POST", "/api/users", body); };
  CHECK(add({{"name", "a b"}, {"role", "viewer"}}) == 400);
  CHECK(add({{"name", "a"}}) == 400);
  CHECK(add({{"name", "a"}, {"role", "god"}}) == 400);
  CHECK(add({{"name", "a"}, {"role", "viewer"}, {"password", "short"}}) == 400);
  CHECK(add({{"name", "a"}, {"role", "viewer"}, {"visibility", {{"all_of", "x"}}}}) == 400);
  CHECK(add({{"name", "a"}, {"role", "viewer"}, {"root", true}}) == 400);
  CHECK(scene.services->accounts.list().size() == 1);
  CHECK(scene.status("PATCH", "/api/users/root", boost::json::object{{"name", "x"}}) == 400);
  CHECK(scene.status("PATCH", "/api/users/nobody", boost::json::object{}) == 404);
}

TEST_CASE("accounts are changed in part") {
  Scene scene;
  scene.add("jane");
  const boost::json::value rules{{"all_of", {{{"attribute", "modality"}, {"values", {"CT", "M*"}}}}}};
  const auto answer = scene.call("PATCH", "/api/users/jane", {{"role", "clinician"}, {"visibility", rules}});
  CHECK(json(answer).at("role") == "clinician");
  CHECK(json(answer).at("visibility") == rules);
  CHECK(json(scene.call("PATCH", "/api/users/jane", {{"visibility", nullptr}})).at("visibility").is_null());
  const auto list = json(scene.call("GET", "/api/users")).at("items").as_array();
  CHECK(list.size() == 2);
  CHECK(list[0].at("name") == "jane");
  CHECK(list[0].at("role") == "clinician");
  CHECK(json(scene.call("GET", "/api/roles")).at("items").as_array().size() == 5);
}

TEST_CASE("whoever is disabled, or gets another password, is logged out") {
  Scene scene;
  scene.add("jane");
  scene.log_in("jane");
  CHECK(scene.call("PATCH", "/api/users/jane", {{"password", "a new password"}}).code == 200);
  CHECK(scene.services->sessions.of("jane").empty());
  CHECK(scene.services->accounts.get("jane")->must_change_password);
  scene.log_in("jane", "a new password");
  CHECK(scene.call("PATCH", "/api/users/jane", {{"enabled", false}}).code == 200);
  CHECK(scene.services->sessions.of("jane").empty());
  CHECK(scene.log_in("jane", "a new password").code == 401);
}

TEST_CASE("the last administrator stays") {
  Scene scene;
  CHECK(scene.status("PATCH", "/api/users/root", boost::json::object{{"enabled", false}}) == 409);
  CHECK(scene.status("PATCH", "/api/users/root", boost::json::object{{"role", "viewer"}}) == 409);
  CHECK(scene.status("DELETE", "/api/users/root") == 409);
}

TEST_CASE("an account goes with its sessions and tokens") {
  Scene scene;
  scene.add("jane");
  scene.log_in("jane");
  CHECK(scene.call("POST", "/api/session/tokens", {{"label", "x"}}).code == 201);
  CHECK(json(scene.call("GET", "/api/users/jane/tokens")).at("items").as_array().size() == 1);
  CHECK(json(scene.call("GET", "/api/users/jane/sessions")).at("items").as_array().size() == 1);
  CHECK(scene.call("DELETE", "/api/users/jane").code == 204);
  CHECK(scene.services->sessions.of("jane").empty());
  CHECK(scene.services->tokens.of("jane").empty());
  CHECK(scene.status("GET", "/api/users/jane/tokens") == 404);
}

TEST_CASE("sessions and tokens of somebody are ended by an administrator") {
  Scene scene;
  scene.add("jane");
  scene.log_in("jane");
  scene.call("POST", "/api/session/tokens", {{"label", "x"}});
  const auto first = [&](const char* url) {
    return std::string(json(scene.call("GET", url)).at("items").at(0).at("id").as_string());
  };
  CHECK(scene.call("DELETE", "/api/users/jane/tokens/" + first("/api/users/jane/tokens")).code == 204);
  CHECK(scene.call("DELETE", "/api/users/jane/sessions/" + first("/api/users/jane/sessions")).code == 204);
  CHECK(scene.status("DELETE", "/api/users/jane/tokens/1") == 404);
  CHECK(scene.status("DELETE", "/api/users/jane/sessions/1") == 404);
}

TEST_CASE("a link to set a password names the address that the configuration says") {
  auto settings = quick_settings();
  settings.public_url = "https://pacs.example";
  Scene scene(settings);
  scene.add("jane");
  const auto link = json(scene.call("POST", "/api/users/jane/reset")).at("setup_link");
  CHECK(link.as_string().starts_with("https://pacs.example/?setup="));
}

TEST_CASE("the audit trail hears of every change") {
  Scene scene;
  scene.call("POST", "/api/users", {{"name", "jane"}, {"role", "viewer"}, {"password", "long enough"}});
  scene.call("PATCH", "/api/users/jane", {{"role", "clinician"}});
  scene.call("POST", "/api/users/jane/reset");
  scene.call("DELETE", "/api/users/jane");
  CHECK(scene.trail.lines == std::vector<std::string>(4, "user.change ok root/jane"));
}
