#include "node_certificates.hpp"

#include <catch2/catch.hpp>

using namespace fermata;
using namespace fermata::dimse;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

struct Scene {
  Scene() {
    journal.condition = [this](std::string_view name, ConditionLevel to, std::string_view what, std::string_view) {
      CHECK(name == "node-certificates");
      level = to;
      text = what;
    };
  }
  void shows(std::string_view ae_title, const std::string& subject, std::chrono::seconds valid) {
    nodes.saw(ae_title, {subject, "fingerprint", now + valid}, now);
  }
  ConditionLevel look(std::chrono::seconds later = 0s) {
    nodes.look(now + later);
    return level;
  }

  const NodeCertificates::Clock::time_point now = NodeCertificates::Clock::now();
  ConditionLevel level = ConditionLevel::fine;
  std::string text;
  Journal journal;
  NodeCertificates nodes{days(21), journal};
};

}  // namespace

TEST_CASE("nodes whose certificates expire soon are named, others are not") {
  Scene scene;
  scene.shows("CT1", "CN=ct1", days(2) + 1h);
  scene.shows("MR1", "CN=mr1", days(5) + 1h);
  scene.shows("US1", "CN=us1", days(200));
  CHECK(scene.look() == ConditionLevel::warning);
  CHECK_THAT(scene.text, Catch::StartsWith("The certificate of CT1 (CN=ct1) expires in 2 days, on "));
  CHECK_THAT(scene.text, Catch::Contains("; the certificate of MR1 (CN=mr1) expires in 5 days"));
  CHECK_THAT(scene.text, !Catch::Contains("US1"));
}

TEST_CASE("a node that shows its renewed certificate is not named any more") {
  Scene scene;
  scene.shows("CT1", "CN=ct1", days(2));
  CHECK(scene.look() == ConditionLevel::warning);
  scene.shows("CT1", "CN=ct1", days(365));
  CHECK(scene.look() == ConditionLevel::fine);
}

TEST_CASE("an expired certificate of a node is named for a week") {
  Scene scene;
  scene.shows("CT1", "CN=ct1", days(2));
  CHECK(scene.look(days(3)) == ConditionLevel::warning);
  CHECK_THAT(scene.text, Catch::Contains("CT1 (CN=ct1) has expired on "));
  CHECK(scene.look(days(10)) == ConditionLevel::fine);
}
