// Who may use a route where there are accounts.
#include "access.hpp"

#include <catch2/catch.hpp>

using namespace fermata;
using namespace fermata::http;

namespace {

/// Knows one token and one cookie.
class OneUser final : public Authenticator {
 public:
  class Known final : public Identity {
   public:
    explicit Known(std::string user) : user_(std::move(user)) {}
    std::string_view user() override { return user_; }
    bool may(std::string_view permission) override { return !user_.empty() && permission == "studies.read"; }
    bool sees_all_studies() override { return false; }
    bool sees_study(std::string_view uid) override { return uid == "1.2"; }

   private:
    const std::string user_;
  };
  std::unique_ptr<Identity> identify(const Credentials& credentials) override {
    secure = credentials.secure;
    if (credentials.authorization == "Bearer busy") throw Error(Code::unavailable, "too many attempts");
    if (credentials.authorization == "Bearer good" || credentials.cookie == "session=good")
      return std::make_unique<Known>("jane");
    if (!credentials.authorization.empty()) throw Error(Code::refused, "this token has ended");
    return std::make_unique<Known>("");
  }
  std::string_view login_page() override { return "/"; }
  uint64_t retry_after(const Credentials& credentials) override { return credentials.authorization.empty() ? 0 : 12; }
  bool secure = false;
};

struct Scene {
  explicit Scene(AccessSettings settings = {}) : access(std::move(settings)) { access.use(&users); }

  Sender admit(const std::string& permission = "studies.read") {
    head.method = method;
    head.path = "/studies/1 2";
    head.query = "limit=1";
    const auto origin = client_origin({peer, tls}, head, {}, "", "localhost:8080");
    return access.admit(origin, head, head.path, permission);
  }
  /// 200 if it may pass.
  unsigned status(const std::string& permission = "studies.read") {
    try {
      admit(permission);
      return 200;
    } catch (const Problem& problem) {
      fields = problem.fields();
      return problem.status();
    }
  }

  OneUser users;
  Access access;
  RequestHead head;
  Fields fields;
  std::string method = "GET";
  std::string peer = "192.0.2.1";
  bool tls = false;
};

}  // namespace

TEST_CASE("an account may what it may, wherever it calls from") {
  Scene scene;
  scene.head.fields.add("Authorization", "Bearer good");
  CHECK(scene.status() == 200);
  CHECK(scene.status("studies.delete") == 403);
  auto sender = scene.admit();
  CHECK(sender.user() == "jane");
  CHECK(sender.may("studies.read"));
  CHECK_FALSE(sender.may("studies.delete"));
  CHECK_FALSE(sender.sees_all_studies());
  CHECK(sender.sees_study("1.2"));
  CHECK_FALSE(sender.sees_study("1.3"));
}

TEST_CASE("with accounts, nobody on this machine is trusted without a login unless they are configured") {
  Scene scene;
  scene.peer = "127.0.0.1";
  CHECK(scene.status() == 401);
  Scene configured({std::vector{IpNetwork::parse("127.0.0.0/8")}, {}, {}});
  configured.peer = "127.0.0.1";
  CHECK(configured.status() == 200);
  CHECK(configured.admit().user().empty());
  CHECK(configured.admit().sees_all_studies());
  configured.head.fields.add("Authorization", "Bearer good");
  CHECK(configured.admit().user() == "jane");
  CHECK(configured.status("studies.delete") == 403);
}

TEST_CASE("programs are asked for a password, scripts of pages are not: a browser would show a box of its own") {
  Scene scene;
  CHECK(scene.status() == 401);
  CHECK(scene.fields.get("WWW-Authenticate").substr(0, 5) == "Basic");
  scene.head.fields.add("Sec-Fetch-Mode", "cors");
  CHECK(scene.status() == 401);
  CHECK(scene.fields.get("WWW-Authenticate").substr(0, 7) == "Fermata");
}

TEST_CASE("a person in a browser is sent to the login, and back") {
  Scene scene;
  scene.head.host = "archive.example";
  scene.head.fields.add("Sec-Fetch-Mode", "navigate");
  scene.head.fields.add("Sec-Fetch-Dest", "document");
  CHECK(scene.status() == 303);
  CHECK(scene.fields.get("Location") == "http://archive.example/?next=/studies/1%202%3Flimit%3D1");
  scene.method = "POST";
  CHECK(scene.status() == 401);
}

TEST_CASE("credentials that are wrong or tried too often are no way in, but public routes stay public") {
  Scene scene;
  scene.head.fields.add("Authorization", "Bearer bad");
  CHECK(scene.status() == 401);
  CHECK(scene.status("") == 200);
  CHECK(scene.admit("").user().empty());
  Scene busy;
  busy.head.fields.add("Authorization", "Bearer busy");
  CHECK(busy.status() == 429);
  CHECK(busy.fields.get("Retry-After") == "12");
}

TEST_CASE("a public route knows whom the network vouches for, and lets others in as nobody") {
  Scene scene({std::vector{IpNetwork::parse("127.0.0.0/8")}, {}, {}});
  CHECK_FALSE(scene.admit("").may("system.read"));
  scene.peer = "127.0.0.1";
  CHECK(scene.admit("").may("system.read"));
  scene.head.host = "rebound.example";
  CHECK_FALSE(scene.admit("").may("system.read"));
  CHECK(scene.status() == 403);
  scene.head.host = "localhost";
  scene.method = "POST";
  scene.head.fields.add("Sec-Fetch-Site", "cross-site");
  CHECK_FALSE(scene.admit("").may("system.read"));
}

TEST_CASE("a page of another site can't use somebody's session") {
  Scene scene;
  scene.method = "POST";
  scene.head.host = "archive.example";
  scene.head.fields.add("Cookie", "session=good");
  CHECK(scene.status() == 200);
  scene.head.fields.add("Origin", "https://evil.example");
  CHECK(scene.status() == 403);
  CHECK(scene.status("") == 403);
}

TEST_CASE("the authenticator is told whether somebody may listen") {
  Scene scene;
  scene.head.fields.add("Cookie", "session=good");
  scene.admit();
  CHECK_FALSE(scene.users.secure);
  scene.tls = true;
  scene.admit();
  CHECK(scene.users.secure);
  scene.tls = false;
  scene.peer = "127.0.0.1";
  scene.admit();
  CHECK(scene.users.secure);
}
