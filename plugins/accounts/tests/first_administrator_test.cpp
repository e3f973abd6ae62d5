#include "first_administrator.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "accounts_scene.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::accounts::testing::AccountsScene;
using fermata::accounts::testing::quick_settings;
using fermata::testing::code_of;

namespace {

std::string token_of(const std::string& link) { return link.substr(link.find("?setup=") + 7); }

Settings with_password(const std::string& password) {
  auto settings = quick_settings();
  settings.admin_password = password;
  return settings;
}

}  // namespace

TEST_CASE("without an administrator there is a link, which makes one once") {
  AccountsScene scene;
  const auto first = provide_first_administrator(*scene.services);
  CHECK(first.link.starts_with("http://127.0.0.1:8080/?setup="));
  const auto token = token_of(first.link);
  CHECK(token.size() == 43);
  auto& links = scene.services->links;
  CHECK(links.holder(token) == nullptr);
  CHECK(links.redeem(token, "root", "Root", "$hash")->is_working_administrator());
  CHECK(code_of([&] { links.holder(token); }) == Code::not_found);
  CHECK(code_of([&] { links.redeem(token, "second", "", "$hash"); }) == Code::not_found);
  CHECK(provide_first_administrator(*scene.services).link.empty());
}

TEST_CASE("the link ends after a day, at the next start, and when there is an administrator") {
  AccountsScene scene;
  auto token = token_of(provide_first_administrator(*scene.services).link);
  scene.now += 24 * 3600;
  CHECK(code_of([&] { scene.services->links.holder(token); }) == Code::not_found);
  token = token_of(provide_first_administrator(*scene.services).link);
  scene.restart();
  CHECK(code_of([&] { scene.services->links.holder(token); }) == Code::not_found);
  token = token_of(provide_first_administrator(*scene.services).link);
  scene.add("root", "administrator");
  CHECK(code_of([&] { scene.services->links.redeem(token, "x", "", "$hash"); }) == Code::not_found);
}

TEST_CASE("a link of an account sets its password, survives a restart and is replaced by the next one") {
  AccountsScene scene;
  scene.add("jane");
  const auto first = scene.services->links.make_for("jane");
  const auto second = scene.services->links.make_for("jane");
  scene.restart();
  auto& links = scene.services->links;
  CHECK(code_of([&] { links.holder(first); }) == Code::not_found);
  CHECK(links.holder(second)->name == "jane");
  CHECK(links.redeem(second, "ignored", "Jane", "$hash")->name == "jane");
  CHECK(scene.services->accounts.get("jane")->password_hash == "$hash");
  CHECK(code_of([&] { links.holder(second); }) == Code::not_found);
}

TEST_CASE("a password of the configuration makes `admin`, who has to change it") {
  AccountsScene scene(with_password("from outside"));
  const auto first = provide_first_administrator(*scene.services);
  CHECK(first.made == "admin");
  CHECK(first.link.empty());
  const auto admin = scene.services->login.check("admin", "from outside", "127.0.0.1");
  CHECK(admin->must_change_password);
  CHECK(admin->role == kAdministrator);
  scene.given_settings.admin_password = "another one";
  scene.restart();
  CHECK(provide_first_administrator(*scene.services).made.empty());
  CHECK(code_of([&] { scene.services->login.check("admin", "another one", "127.0.0.1"); }) == Code::refused);
}

TEST_CASE("a password of the configuration that is too short stops the start, and is not told") {
  AccountsScene scene(with_password("short"));
  try {
    provide_first_administrator(*scene.services);
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    CHECK(std::string(error.what()).find("short") == std::string::npos);
    CHECK(std::string(error.what()).find("admin_password") != std::string::npos);
  }
}

TEST_CASE("the password may stand in a file") {
  auto settings = quick_settings();
  settings.admin_password_file = "/nowhere/password";
  settings.admin_must_change = false;
  AccountsScene without(settings);
  CHECK(code_of([&] { provide_first_administrator(*without.services); }) == Code::io);

  char path[] = "/tmp/accounts-test-XXXXXX";
  const int file = ::mkstemp(path);
  REQUIRE(file >= 0);
  ::close(file);
  std::ofstream(path) << "from a file\r\nand more\n";
  settings.admin_password_file = path;
  AccountsScene scene(settings);
  CHECK(provide_first_administrator(*scene.services).made == "admin");
  CHECK_FALSE(scene.services->login.check("admin", "from a file", "127.0.0.1")->must_change_password);
  ::unlink(path);
}
