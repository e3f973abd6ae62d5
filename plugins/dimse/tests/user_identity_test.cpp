#include "admission/user_identity.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "fakes.hpp"
#include "raw_connection.hpp"

using namespace fermata;
using namespace fermata::dimse;
using namespace fermata::dimse::testing;
using namespace std::chrono_literals;

namespace {

/// Knows jane by her password and by a token; she may read.
class Accounts final : public Authenticator {
 public:
  class Jane final : public Identity {
   public:
    explicit Jane(const std::set<std::string>& permissions) : permissions_(permissions) {}
    std::string_view user() override { return "jane"; }
    bool may(std::string_view permission) override { return permissions_.contains(std::string(permission)); }
    bool sees_all_studies() override { return true; }
    bool sees_study(std::string_view) override { return true; }

   private:
    const std::set<std::string>& permissions_;
  };

  std::unique_ptr<Identity> identify(const Credentials& credentials) override {
    asked = credentials.authorization;
    secure = credentials.secure;
    if (asked == "Basic amFuZTpzZWNyZXQ=" || asked == "Bearer aaa.bbb.ccc") return std::make_unique<Jane>(permissions);
    throw Error(Code::refused, "name or password is wrong");
  }
  std::string_view login_page() override { return "/"; }

  std::set<std::string> permissions{"studies.read"};
  std::string asked;
  bool secure = false;
};

class Trail final : public AuditTrail {
 public:
  void record(const AuditEvent& event) override {
    const std::lock_guard lock(mutex_);
    lines_ += std::string(event.action) + " " + std::string(event.user) + " " +
              (event.outcome == AuditEvent::Outcome::success ? "ok " : "refused ") + std::string(event.detail) + "\n";
  }
  bool has(std::string_view text) const {
    const std::lock_guard lock(mutex_);
    return lines_.find(text) != std::string::npos;
  }

 private:
  mutable std::mutex mutex_;
  std::string lines_;
};

/// The sub-item of PS3.7 D.3.3.7.1.
std::string user_item(char type, bool response, std::string_view primary, std::string_view secondary = {}) {
  return item(0x58, std::string{type, response ? '\x01' : '\0'} + big_endian(primary.size(), 2) + std::string(primary) +
                        big_endian(secondary.size(), 2) + std::string(secondary));
}

struct Scene {
  explicit Scene(ReceptionSettings::Users users = ReceptionSettings::Users::optional) {
    ReceptionSettings settings;
    settings.users = users;
    server = std::make_unique<Server>(settings);
    server->accounts = &accounts;
    server->trail = &trail;
    server->start();
  }
  /// What VIEWER hears that offers CT Image Storage with this user.
  std::string ask(std::string_view item) const {
    RawConnection peer(server->port());
    peer.say(association_request(kCt, item));
    return peer.hear_pdu();
  }

  Accounts accounts;
  Trail trail;
  std::unique_ptr<Server> server;
};

const std::string kRejected = std::string("\x03\0\0\0\0\x04\0\x01\x02\x01", 10);  // permanent, ACSE, no reason
const std::string kResponse = item(0x59, std::string(2, '\0'));
bool accepted(const std::string& pdu) { return pdu.substr(0, 1) == "\x02"; }
bool context_accepted(const std::string& pdu) {
  return pdu.find(std::string("\x21\0", 2)) != std::string::npos && pdu.at(pdu.find(std::string("\x21\0", 2)) + 6) == 0;
}

}  // namespace

TEST_CASE("a user with the right password is let in, and confirmed if that was asked for") {
  Scene scene;
  scene.accounts.permissions.insert("studies.store");
  const auto confirmed = scene.ask(user_item(2, true, "jane", "secret"));
  CHECK(accepted(confirmed));
  CHECK(context_accepted(confirmed));
  CHECK(confirmed.find(kResponse) != std::string::npos);
  CHECK(scene.accounts.secure);  // from this machine
  CHECK(scene.server->application_entities.user() == "jane");
  CHECK(scene.trail.has("user.login jane ok DICOM association of VIEWER"));
  const auto silent = scene.ask(user_item(2, false, "jane", "secret"));
  CHECK(accepted(silent));
  CHECK(silent.find(kResponse) == std::string::npos);
}

TEST_CASE("a user keeps from the AE title's rights what the permissions leave") {
  Scene scene;
  // jane may read, and storing is all that was asked for.
  CHECK(scene.ask(user_item(2, false, "jane", "secret")).substr(0, 1) == "\x03");
  CHECK(scene.server->application_entities.remembered().at(0).reason == "the AE title is known, but may not do this");
  Accounts::Jane reader(scene.accounts.permissions);
  CHECK(rights_of(reader, kMayEverything) == (kMayEcho | kMayQuery | kMayRetrieve));
  CHECK(rights_of(reader, kMayEcho | kMayStore) == kMayEcho);
  scene.accounts.permissions = {"studies.store"};
  CHECK(rights_of(reader, kMayEverything) == (kMayEcho | kMayStore));
}

TEST_CASE("a wrong password, and what can't be checked, is rejected with its reason remembered") {
  const auto turned_away = [](const std::string& item) {
    Scene scene;
    CHECK(scene.ask(item) == kRejected);
    CHECK(scene.trail.has("refused DICOM association of VIEWER"));
    return scene.server->application_entities.remembered().at(0).reason;
  };
  CHECK(turned_away(user_item(2, true, "jane", "wrong")) == "its user is not accepted: name or password is wrong");
  CHECK(turned_away(user_item(2, true, "ja:ne", "x")) == "its user is not accepted: a user's name has no colon");
  CHECK(turned_away(user_item(3, true, "ticket")).find("a Kerberos ticket can't be checked here") != std::string::npos);
  CHECK(turned_away(user_item(4, true, "assertion")).find("a SAML assertion can't be checked") != std::string::npos);
  CHECK(turned_away(user_item(5, true, "a.b.c")) == "its user is not accepted: name or password is wrong");
}

TEST_CASE("a JSON Web Token goes to the accounts as it came") {
  Scene scene;
  scene.accounts.permissions.insert("studies.store");
  CHECK(accepted(scene.ask(user_item(5, true, "aaa.bbb.ccc"))));
  CHECK(scene.accounts.asked == "Bearer aaa.bbb.ccc");
}

TEST_CASE("a name alone proves nothing: it changes nothing, and is not confirmed") {
  Scene scene;
  const auto answer = scene.ask(user_item(1, true, "jane"));
  CHECK(accepted(answer));
  CHECK(context_accepted(answer));
  CHECK(answer.find(kResponse) == std::string::npos);
  CHECK(scene.server->application_entities.user().empty());
  CHECK(scene.accounts.asked.empty());
}

TEST_CASE("where a user is required, nobody comes in without, nor with a mere name") {
  Scene scene(ReceptionSettings::Users::required);
  CHECK(scene.ask({}) == kRejected);
  CHECK(scene.ask(user_item(1, false, "jane")) == kRejected);
  scene.accounts.permissions.insert("studies.store");
  CHECK(accepted(scene.ask(user_item(2, false, "jane", "secret"))));
  CHECK(scene.server->application_entities.remembered().at(0).reason == "it has to say who its user is, and prove it");
}

TEST_CASE("where users are ignored, a wrong password is, too") {
  Scene scene(ReceptionSettings::Users::ignored);
  CHECK(accepted(scene.ask(user_item(2, true, "jane", "wrong"))));
  CHECK(scene.accounts.asked.empty());
}
