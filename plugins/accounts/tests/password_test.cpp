#include <catch2/catch.hpp>

#include <sodium.h>

#include <atomic>

#include "accounts_scene.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::accounts::testing::AccountsScene;
using fermata::testing::code_of;
using fermata::testing::kNoError;

TEST_CASE("a password is kept as an Argon2id hash of its own") {
  PasswordHasher hasher({1, 8192}, 2);
  const auto hash = hasher.hash("correct horse");
  CHECK(hash.starts_with("$argon2id$"));
  CHECK(hash != hasher.hash("correct horse"));
  CHECK(hasher.matches(hash, "correct horse"));
  CHECK_FALSE(hasher.matches(hash, "Correct horse"));
  CHECK_FALSE(hasher.matches("rubbish", "correct horse"));
}

TEST_CASE("by default a hash costs what libsodium advises for logins") {
  CHECK(HashCost::interactive().memory == crypto_pwhash_MEMLIMIT_INTERACTIVE);
  CHECK(HashCost::interactive().operations == crypto_pwhash_OPSLIMIT_INTERACTIVE);
}

TEST_CASE("many at once wait for each other, and too many are sent away") {
  PasswordHasher hasher({8, 16 << 20}, 1);
  std::atomic<int> done = 0;
  std::atomic<int> refused = 0;
  fermata::testing::in_threads(60, [&](std::size_t) {
    const auto code = code_of([&] { hasher.match_nothing("x"); });
    if (code == kNoError) ++done;
    if (code == Code::unavailable) ++refused;
  });
  CHECK(done + refused == 60);
  CHECK(done >= 32);
}

TEST_CASE("name and password have to belong together") {
  AccountsScene scene;
  scene.add("jane");
  auto& login = scene.services->login;
  CHECK(login.check("Jane", AccountsScene::kPassword, "192.0.2.1")->name == "jane");
  CHECK(scene.services->accounts.get("jane")->last_login == scene.now);
  CHECK(code_of([&] { login.check("jane", "wrong", "192.0.2.1"); }) == Code::refused);
  CHECK(code_of([&] { login.check("joe", AccountsScene::kPassword, "192.0.2.1"); }) == Code::refused);
  CHECK(code_of([&] { login.check("", "", "192.0.2.1"); }) == Code::refused);
  scene.services->accounts.change("jane", [](Account& a) { a.enabled = false; });
  CHECK(code_of([&] { login.check("jane", AccountsScene::kPassword, "192.0.2.1"); }) == Code::refused);
}

TEST_CASE("nobody logs in to an account without a password") {
  AccountsScene scene;
  scene.add("jane");
  scene.services->accounts.change("jane", [](Account& a) { a.password_hash.clear(); });
  CHECK(code_of([&] { scene.services->login.check("jane", "", "192.0.2.1"); }) == Code::refused);
}

TEST_CASE("unknown name and wrong password are told the same") {
  AccountsScene scene;
  scene.add("jane");
  const auto message = [&](const char* name) -> std::string {
    try {
      scene.services->login.check(name, "wrong", "192.0.2.1");
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const auto wrong = message("jane");
  const auto unknown = message("joe");
  CHECK(wrong == unknown);
  CHECK(scene.trail.lines == std::vector<std::string>{"user.login refused jane/jane", "user.login refused joe/joe"});
}

TEST_CASE("what is no name is not written into the audit trail: it may be a password") {
  AccountsScene scene;
  CHECK(code_of([&] { scene.services->login.check("my secret pass", "", "192.0.2.1"); }) == Code::refused);
  CHECK(scene.trail.lines == std::vector<std::string>{"user.login refused /"});
}

TEST_CASE("a hash of another cost is replaced at the next login") {
  AccountsScene scene;
  scene.add("jane");
  const auto before = scene.services->accounts.get("jane")->password_hash;
  scene.given_settings.hash_cost = {2, 16384};
  scene.restart();
  scene.services->login.check("jane", AccountsScene::kPassword, "192.0.2.1");
  const auto after = scene.services->accounts.get("jane")->password_hash;
  CHECK(after != before);
  CHECK_FALSE(scene.services->hasher.is_outdated(after));
  scene.services->login.check("jane", AccountsScene::kPassword, "192.0.2.1");
}
