#include "basic_login.hpp"

#include <catch2/catch.hpp>

#include "accounts_scene.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::accounts::testing::AccountsScene;
using fermata::testing::code_of;
using fermata::testing::kNoError;

TEST_CASE("a password that is sent with every request is looked at once a minute") {
  AccountsScene scene;
  scene.add("jane");
  const auto check = [&] { return code_of([&] { scene.services->basic.check("jane:correct horse", "192.0.2.1"); }); };
  CHECK(check() == kNoError);
  const auto hash = scene.services->accounts.get("jane")->password_hash;
  scene.services->accounts.change("jane", [](Account& a) { a.display_name = "Jane"; });
  CHECK(check() == kNoError);
  scene.services->accounts.change("jane",
                                  [&](Account& a) { a.password_hash = scene.services->hasher.hash("other one"); });
  CHECK(check() == Code::refused);
  scene.services->accounts.change("jane", [&](Account& a) { a.password_hash = hash; });
  CHECK(check() == kNoError);
  scene.services->accounts.change("jane", [](Account& a) { a.enabled = false; });
  CHECK(check() == Code::refused);
}

TEST_CASE("requests of one client at the same time are one attempt") {
  AccountsScene scene;
  scene.add("jane");
  fermata::testing::in_threads(20,
                               [&](std::size_t) { scene.services->basic.check("jane:correct horse", "192.0.2.1"); });
  CHECK(scene.services->accounts.get("jane")->last_login == scene.now);
}

TEST_CASE("a password may have a colon, and a field without one is wrong") {
  AccountsScene scene;
  scene.add("jane");
  scene.services->accounts.change("jane", [&](Account& a) { a.password_hash = scene.services->hasher.hash("a:b:c"); });
  CHECK(code_of([&] { scene.services->basic.check("jane:a:b:c", "192.0.2.1"); }) == kNoError);
  CHECK(code_of([&] { scene.services->basic.check("jane", "192.0.2.1"); }) == Code::refused);
}

TEST_CASE("what was wrong is looked at again, and slows down") {
  AccountsScene scene;
  scene.add("jane");
  const auto check = [&] { return code_of([&] { scene.services->basic.check("jane:wrong", "192.0.2.1"); }); };
  for (int i = 0; i < 5; ++i) CHECK(check() == Code::refused);
  CHECK(check() == Code::unavailable);
}
