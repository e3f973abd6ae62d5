// Who sends a request, as it crosses from library to library.
#include "fermata/authenticator.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"

using namespace fermata;
using namespace fermata::testing;

namespace {

class FakeIdentity final : public Identity {
 public:
  explicit FakeIdentity(int& alive) : alive_(alive) { ++alive_; }
  ~FakeIdentity() override { --alive_; }
  std::string_view user() override { return "jane"; }
  bool may(std::string_view permission) override {
    if (permission == "users.manage") throw Error(Code::refused, "change the password first");
    return permission == "studies.read";
  }
  bool sees_all_studies() override { return false; }
  bool sees_study(std::string_view uid) override { return uid == "1.2"; }

 private:
  int& alive_;
};

class FakeAuthenticator final : public Authenticator {
 public:
  std::unique_ptr<Identity> identify(const Credentials& credentials) override {
    if (credentials.authorization == "wrong") throw Error(Code::refused, "this is wrong");
    if (credentials.authorization == "again") throw Error(Code::unavailable, "too often");
    told = {std::string(credentials.authorization), std::string(credentials.cookie),
            std::string(credentials.peer_address), credentials.secure ? "secure" : "open"};
    return std::make_unique<FakeIdentity>(alive);
  }
  std::string_view login_page() override { return "/login"; }
  uint64_t retry_after(const Credentials& credentials) override { return credentials.authorization == "again" ? 7 : 0; }

  std::vector<std::string> told;
  int alive = 0;
};

}  // namespace

TEST_CASE("credentials cross, and an identity comes back that lives as long as it is held") {
  FakeAuthenticator authenticator;
  const auto remote = through_boundary<Authenticator>(authenticator);
  CHECK(remote->login_page() == "/login");
  {
    const auto identity = remote->identify({"Bearer x", "a=b", "192.0.2.1", true});
    CHECK(authenticator.told == std::vector<std::string>{"Bearer x", "a=b", "192.0.2.1", "secure"});
    CHECK(authenticator.alive == 1);
    CHECK(identity->user() == "jane");
    CHECK(identity->may("studies.read"));
    CHECK_FALSE(identity->may("studies.delete"));
    CHECK_FALSE(identity->sees_all_studies());
    CHECK(identity->sees_study("1.2"));
    CHECK_FALSE(identity->sees_study("1.3"));
  }
  CHECK(authenticator.alive == 0);
  remote->identify({"", "", "", false});
  CHECK(authenticator.told == std::vector<std::string>{"", "", "", "open"});
}

TEST_CASE("errors of an authenticator and of an identity cross with their code") {
  FakeAuthenticator authenticator;
  const auto remote = through_boundary<Authenticator>(authenticator);
  CHECK(code_of([&] { remote->identify({"wrong", "", "", true}); }) == Code::refused);
  CHECK(code_of([&] { remote->identify({"again", "", "", true}); }) == Code::unavailable);
  CHECK(remote->retry_after({"again", "", "", true}) == 7);
  const auto identity = remote->identify({"Bearer x", "", "", true});
  CHECK(code_of([&] { identity->may("users.manage"); }) == Code::refused);
}
