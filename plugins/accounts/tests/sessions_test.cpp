#include "sessions.hpp"

#include <catch2/catch.hpp>

#include "access_tokens.hpp"
#include "accounts_scene.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::accounts::testing::AccountsScene;
using fermata::testing::code_of;

namespace {

/// All that a collection holds, as text.
std::string content(StateStore& store, const char* collection) {
  std::string all;
  const auto cursor = store.list(collection, {});
  for (Document document; cursor->next(document);) {
    all += document.id;
    all.append(reinterpret_cast<const char*>(document.content.data()), document.content.size());
  }
  return all;
}

}  // namespace

TEST_CASE("a session survives a restart, and its token is not what is kept") {
  AccountsScene scene;
  const auto token = scene.services->sessions.open("jane", "192.0.2.1", "Browser");
  CHECK(token.size() == 43);
  CHECK(content(scene.store, Sessions::kCollection).find(token) == std::string::npos);
  scene.restart();
  const auto session = scene.services->sessions.find(token);
  REQUIRE(session);
  CHECK(session->user == "jane");
  CHECK(session->address == "192.0.2.1");
  CHECK(session->user_agent == "Browser");
  CHECK_FALSE(scene.services->sessions.find("other"));
  CHECK_FALSE(scene.services->sessions.find(""));
}

TEST_CASE("a session ends when it is idle, and at last however much it is used") {
  AccountsScene scene;
  const auto idle = scene.services->sessions.open("jane", "", "");
  const auto used = scene.services->sessions.open("jane", "", "");
  scene.now += 7 * 3600;
  CHECK(scene.services->sessions.find(used));
  scene.now += 2 * 3600;
  CHECK_FALSE(scene.services->sessions.find(idle));
  CHECK(scene.services->sessions.find(used));
  scene.now += 3 * 3600;
  CHECK_FALSE(scene.services->sessions.find(used));
  scene.services->tidy();
  CHECK(content(scene.store, Sessions::kCollection).empty());
}

TEST_CASE("when a session was used is written now and then, and a session that was closed does not come back") {
  AccountsScene scene;
  scene.add("jane");
  const auto token = scene.services->sessions.open("jane", "", "");
  scene.now += 100;
  CHECK(scene.services->sessions.find(token));
  const auto before = content(scene.store, Sessions::kCollection);
  scene.services->tidy();
  CHECK(content(scene.store, Sessions::kCollection) != before);
  scene.restart();
  CHECK(scene.services->sessions.of("jane").at(0).last_used == scene.now);

  CHECK(scene.services->sessions.find(token));
  scene.services->sessions.close_all("jane", {});
  scene.services->tidy();
  CHECK(content(scene.store, Sessions::kCollection).empty());
}

TEST_CASE("of too many sessions of one user the one ends that was used least recently") {
  AccountsScene scene;
  const auto first = scene.services->sessions.open("jane", "", "");
  const auto second = scene.services->sessions.open("jane", "", "");
  scene.services->sessions.open("joe", "", "");
  ++scene.now;
  CHECK(scene.services->sessions.find(first));
  for (int i = 0; i < 19; ++i) {
    ++scene.now;
    scene.services->sessions.open("jane", "", "");
  }
  CHECK(scene.services->sessions.of("jane").size() == 20);
  CHECK(scene.services->sessions.find(first));
  CHECK_FALSE(scene.services->sessions.find(second));
  CHECK(scene.services->sessions.of("joe").size() == 1);
}

TEST_CASE("sessions of one user are closed by their ids, and nobody else's") {
  AccountsScene scene;
  const auto mine = scene.services->sessions.open("jane", "", "");
  const auto other = scene.services->sessions.open("joe", "", "");
  auto& sessions = scene.services->sessions;
  CHECK(code_of([&] { sessions.close("jane", token_id(token_hash(other))); }) == Code::not_found);
  sessions.close("jane", token_id(token_hash(mine)));
  CHECK_FALSE(sessions.find(mine));
  CHECK(sessions.find(other));
}

TEST_CASE("an access token survives a restart until it expires or is removed") {
  AccountsScene scene;
  scene.add("jane");
  AccessToken wanted;
  wanted.user = "jane";
  wanted.label = "backup";
  wanted.expires = scene.now + 100;
  wanted.permissions = {"studies.read"};
  const auto token = scene.services->tokens.add(wanted);
  CHECK(token.starts_with("fermata_"));
  CHECK(content(scene.store, AccessTokens::kCollection).find(token.substr(8)) == std::string::npos);
  scene.restart();
  const auto found = scene.services->tokens.find(token);
  REQUIRE(found);
  CHECK(found->label == "backup");
  CHECK(found->permissions == std::vector<std::string>{"studies.read"});
  scene.now += 100;
  CHECK_FALSE(scene.services->tokens.find(token));
  scene.services->tidy();
  CHECK(scene.services->tokens.of("jane").size() == 1);
  scene.services->tokens.remove("jane", token_id(token_hash(token)));
  CHECK(code_of([&] { scene.services->tokens.remove("jane", token_id(token_hash(token))); }) == Code::not_found);
}

TEST_CASE("what is left of a user who is gone is forgotten") {
  AccountsScene scene;
  AccessToken wanted;
  wanted.user = "gone";
  scene.services->tokens.add(wanted);
  scene.services->sessions.open("gone", "", "");
  scene.services->tidy();
  CHECK(content(scene.store, AccessTokens::kCollection).empty());
  CHECK(content(scene.store, Sessions::kCollection).empty());
}
