#include "account_book.hpp"

#include <catch2/catch.hpp>

#include "accounts_scene.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::accounts::testing::AccountsScene;
using fermata::testing::code_of;
using fermata::testing::kNoError;

TEST_CASE("accounts survive a restart, with every change") {
  AccountsScene scene;
  scene.add("jane");
  scene.add("joe");
  scene.services->accounts.change("jane", [](Account& a) { a.display_name = "Jane"; });
  scene.services->accounts.remove("joe");
  scene.restart();
  REQUIRE(scene.services->accounts.list().size() == 1);
  CHECK(scene.services->accounts.get("JANE")->display_name == "Jane");
  CHECK(code_of([&] { scene.services->accounts.get("joe"); }) == Code::not_found);
}

TEST_CASE("there is one account of a name, in whatever case") {
  AccountsScene scene;
  scene.add("jane");
  CHECK(code_of([&] { scene.add("Jane"); }) == Code::conflict);
}

TEST_CASE("the last administrator who can log in can't be disabled, demoted or removed") {
  AccountsScene scene;
  auto& accounts = scene.services->accounts;
  CHECK_FALSE(accounts.has_administrator());
  scene.add("root", "administrator");
  CHECK(accounts.has_administrator());
  const auto disable = [](Account& a) { a.enabled = false; };
  const auto demote = [](Account& a) { a.role = "viewer"; };
  CHECK(code_of([&] { accounts.change("root", disable); }) == Code::conflict);
  CHECK(code_of([&] { accounts.change("root", demote); }) == Code::conflict);
  CHECK(code_of([&] { accounts.remove("root"); }) == Code::conflict);

  scene.add("second", "administrator");
  accounts.change("second", [](Account& a) { a.password_hash.clear(); });
  CHECK(code_of([&] { accounts.remove("root"); }) == Code::conflict);
  scene.add("third", "administrator");
  CHECK(code_of([&] { accounts.change("root", disable); }) == kNoError);
  CHECK(code_of([&] { accounts.remove("third"); }) == Code::conflict);
}

TEST_CASE("changes at the same time are all kept") {
  AccountsScene scene;
  scene.add("jane");
  fermata::testing::in_threads(4, [&](std::size_t) {
    for (int i = 0; i < 100; ++i) scene.services->accounts.change("jane", [](Account& a) { ++a.last_login; });
  });
  CHECK(scene.services->accounts.get("jane")->last_login == 400);
  scene.restart();
  CHECK(scene.services->accounts.get("jane")->last_login == 400);
}
