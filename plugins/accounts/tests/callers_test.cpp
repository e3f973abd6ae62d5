#include "callers.hpp"

#include <catch2/catch.hpp>

#include "account_identity.hpp"
#include "accounts_scene.hpp"
#include "fermata/testing/threads_and_errors.hpp"

using namespace fermata;
using namespace fermata::accounts;
using fermata::accounts::testing::AccountsScene;
using fermata::testing::code_of;

namespace {

constexpr const char* kJane = "Basic amFuZTpjb3JyZWN0IGhvcnNl";  // jane:correct horse

struct Scene : AccountsScene {
  Scene() { add("jane", "technician"); }
  Code code(const Credentials& credentials) {
    return code_of([&] { services->authenticator.identify(credentials); });
  }
  std::string user(const Credentials& credentials) {
    return std::string(services->authenticator.identify(credentials)->user());
  }
  std::string token(std::optional<std::vector<std::string>> permissions = {}) {
    AccessToken wanted;
    wanted.user = "jane";
    wanted.permissions = std::move(permissions);
    return "Bearer " + services->tokens.add(wanted);
  }
};

}  // namespace

TEST_CASE("a request without credentials is nobody's, who may do nothing") {
  Scene scene;
  const auto nobody = scene.services->authenticator.identify({"", "other=1; fermata=2", "192.0.2.1", true});
  CHECK(nobody->user().empty());
  CHECK_FALSE(nobody->may("studies.read"));
  CHECK_FALSE(nobody->may(kMayLogIn));
  CHECK_FALSE(nobody->sees_all_studies());
  CHECK_FALSE(nobody->sees_study("1.2"));
}

TEST_CASE("somebody is known by a session's cookie among others") {
  Scene scene;
  const auto token = scene.services->sessions.open("jane", "", "");
  CHECK(scene.user({"", "a=b; fermata_session=" + token + "; c=d", "192.0.2.1", false}) == "jane");
  CHECK(scene.code({"", "fermata_session=rubbish", "192.0.2.1", true}) == Code::refused);
  scene.services->accounts.change("jane", [](Account& a) { a.enabled = false; });
  CHECK(scene.code({"", "fermata_session=" + token, "192.0.2.1", true}) == Code::refused);
}

TEST_CASE("somebody is known by an access token, in any case of the scheme") {
  Scene scene;
  const auto bearer = scene.token();
  CHECK(scene.user({bearer, "", "192.0.2.1", false}) == "jane");
  CHECK(scene.user({"bearer  " + bearer.substr(7), "", "192.0.2.1", false}) == "jane");
  CHECK(scene.code({"Bearer fermata_wrong", "", "192.0.2.1", true}) == Code::refused);
  CHECK(scene.code({"Digest x", "", "192.0.2.1", true}) == Code::refused);
}

TEST_CASE("somebody is known by name and password, where nobody can listen") {
  Scene scene;
  CHECK(scene.user({kJane, "", "192.0.2.1", true}) == "jane");
  try {
    scene.services->authenticator.identify({kJane, "", "192.0.2.1", false});
    FAIL("it was accepted");
  } catch (const Error& error) {
    CHECK(error.code() == Code::refused);
    CHECK(std::string(error.what()).find("HTTPS") != std::string::npos);
  }
  CHECK(scene.code({"Basic !!!", "", "192.0.2.1", true}) == Code::refused);
  CHECK(scene.code({"Basic", "", "192.0.2.1", true}) == Code::refused);
}

TEST_CASE("a token may do no more than its user, and no more than it was made for") {
  Scene scene;
  const auto all = scene.services->authenticator.identify({scene.token(), "", "", true});
  CHECK(all->may("studies.store"));
  CHECK_FALSE(all->may("users.manage"));
  const auto some =
      scene.services->authenticator.identify({scene.token({{"studies.read", "users.manage"}}), "", "", true});
  CHECK(some->may("studies.read"));
  CHECK(some->may(kMayLogIn));
  CHECK_FALSE(some->may("studies.store"));
  CHECK_FALSE(some->may("users.manage"));
}

TEST_CASE("who has to change the password may do nothing else") {
  Scene scene;
  scene.services->accounts.change("jane", [](Account& a) { a.must_change_password = true; });
  const auto identity = scene.services->authenticator.identify({kJane, "", "192.0.2.1", true});
  CHECK(identity->user() == "jane");
  CHECK(code_of([&] { identity->may("studies.read"); }) == Code::refused);
  CHECK_FALSE(identity->sees_all_studies());
  CHECK_FALSE(identity->sees_study("1.2"));
}

TEST_CASE("a secret of somebody who is gone does not become that of the next one of this name") {
  Scene scene;
  const auto token = scene.services->sessions.open("jane", "", "");
  scene.services->accounts.remove("jane");
  CHECK(scene.code({"", "fermata_session=" + token, "", true}) == Code::refused);
  scene.now += 10;
  scene.add("jane");
  CHECK(scene.code({"", "fermata_session=" + token, "", true}) == Code::refused);
}

TEST_CASE("many requests at once are identified while accounts change") {
  Scene scene;
  const auto bearer = scene.token();
  fermata::testing::in_threads(4, [&](std::size_t number) {
    for (int i = 0; i < 200; ++i)
      if (number == 0)
        scene.services->accounts.change("jane", [&](Account& a) { a.display_name = std::to_string(i); });
      else if (number == 1)
        scene.services->tidy();
      else if (scene.user({bearer, "", "192.0.2.1", true}) != "jane")
        throw Error(Code::internal, "somebody else");
  });
}
