#include "registry.hpp"

#include <catch2/catch.hpp>
#include <thread>

#include "fermata/error.hpp"
#include "fermata/testing/breakable_state_store.hpp"
#include "given_stations.hpp"
#include "node_list.hpp"

namespace fermata::application_entities {
namespace {

using namespace std::chrono_literals;
using Verdict = Admission::Verdict;

Settings settings(const char* nodes, std::initializer_list<const char*> trusted = {}) {
  Settings settings;
  settings.nodes = parse_node_list(nodes);
  for (const auto* network : trusted) settings.trusted_networks.push_back(IpNetwork::parse(network));
  return settings;
}

/// A registry over a store in memory; the one host name is found at 192.0.2.77.
struct Fixture {
  explicit Fixture(const Settings& s)
      : directory(s.nodes, store, [](const std::string&) {}),
        addresses([](const std::string&) { return std::vector{*IpAddress::parse("192.0.2.77")}; }, 1h),
        registry(s, directory, addresses, refused) {
    addresses.wait_until_known(5s);
  }

  Admission admit(std::string_view title, std::string_view address, bool tls = false) {
    return registry.admit({title, "FERMATA", address, tls});
  }
  std::vector<Node> resolve(std::string_view title, const Caller& caller) {
    const auto cursor = registry.resolve(title, caller);
    std::vector<Node> found;
    for (ApplicationEntity entity; cursor->next(entity);) found.push_back(to_node(entity));
    return found;
  }

  testing::BreakableStateStore store;
  NodeDirectory directory;
  HostAddresses addresses;
  RefusedCallers refused{10};
  Registry registry;
};

Code code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.code();
  }
  return Code::internal;
}

}  // namespace

TEST_CASE("a node that calls from its host is admitted with its rights") {
  auto s = settings("CT1@192.0.2.1:104,CT2@ct2.example");
  s.nodes[0].rights = kMayEcho | kMayStore;
  Fixture f(s);
  CHECK(f.admit("CT1", "192.0.2.1").verdict == Verdict::admitted);
  CHECK(f.admit("CT1", "192.0.2.1").rights == (kMayEcho | kMayStore));
  CHECK(f.admit(" CT1 ", "::ffff:192.0.2.1").verdict == Verdict::admitted);
  CHECK(f.admit("CT2", "192.0.2.77").verdict == Verdict::admitted);
}

TEST_CASE("an unknown AE title may echo, and nothing if the configuration says so") {
  auto s = settings("CT1@192.0.2.1");
  CHECK(Fixture(s).admit("ct1", "192.0.2.1").verdict == Verdict::unknown_ae_title);
  CHECK(Fixture(s).admit("OTHER", "192.0.2.1").rights == kMayEcho);
  s.unknown_may_echo = false;
  CHECK(Fixture(s).admit("OTHER", "192.0.2.1").rights == 0);
}

TEST_CASE("a node that calls from elsewhere is not admitted, unless every address will do") {
  auto s = settings("CT1@192.0.2.1");
  CHECK(Fixture(s).admit("CT1", "192.0.2.2").verdict == Verdict::wrong_address);
  CHECK(Fixture(s).admit("CT1", "192.0.2.2").rights == kMayEcho);
  CHECK(Fixture(s).admit("CT1", "not an address").verdict == Verdict::wrong_address);
  s.nodes[0].any_address = true;
  CHECK(Fixture(s).admit("CT1", "192.0.2.2").verdict == Verdict::admitted);
}

TEST_CASE("callers from a trusted network are admitted whatever their title") {
  auto s = settings("CT1@192.0.2.1", {"127.0.0.0/8", "::1"});
  s.trusted_rights = kMayEcho | kMayQuery;
  Fixture f(s);
  CHECK(f.admit("ANYBODY", "127.0.0.1").verdict == Verdict::admitted);
  CHECK(f.admit("ANYBODY", "127.0.0.1").rights == (kMayEcho | kMayQuery));
  CHECK(f.admit("ANYBODY", "::ffff:127.0.0.1").verdict == Verdict::admitted);
  CHECK(f.admit("ANYBODY", "::1").verdict == Verdict::admitted);
  CHECK(f.admit("CT1", "127.0.0.1").verdict == Verdict::admitted);
  CHECK(f.admit("CT1", "127.0.0.1").rights == (kMayEcho | kMayQuery));
  CHECK(f.admit("ANYBODY", "192.0.2.1").verdict == Verdict::unknown_ae_title);
  CHECK(f.admit("ANYBODY", "").verdict == Verdict::unknown_ae_title);
}

TEST_CASE("a node's own rights hold within a trusted network too") {
  auto s = settings("CT1@127.0.0.1", {"127.0.0.0/8"});
  s.nodes[0].rights = kMayEcho;
  CHECK(Fixture(s).admit("CT1", "127.0.0.1").rights == kMayEcho);
}

TEST_CASE("a node with TLS is not admitted without, not even from a trusted network") {
  auto s = settings("CT1@127.0.0.1", {"127.0.0.0/8"});
  s.nodes[0].tls = true;
  Fixture f(s);
  CHECK(f.admit("CT1", "127.0.0.1").verdict == Verdict::tls_required);
  CHECK(f.admit("CT1", "127.0.0.1").rights == kMayEcho);
  CHECK(f.admit("CT1", "127.0.0.1", true).verdict == Verdict::admitted);
}

TEST_CASE("a title whose node demands TLS is nobody else's, wherever it calls from") {
  auto s = settings("CT1@192.0.2.1", {"127.0.0.0/8"});
  s.nodes[0].tls = true;
  Fixture f(s);
  CHECK(f.admit("CT1", "127.0.0.1").verdict == Verdict::tls_required);
  CHECK(f.admit("CT2", "127.0.0.1").verdict == Verdict::admitted);
}

TEST_CASE("a node with a certificate is admitted with that one only, by fingerprint or subject") {
  const std::string fingerprint(64, 'a');
  for (const std::string& name : {fingerprint, std::string("CN=ct1,O=Hospital")}) {
    auto s = settings("CT1@127.0.0.1", {"127.0.0.0/8"});
    s.nodes[0].certificate = name;
    s.nodes[0] = checked(s.nodes[0]);
    Fixture f(s);
    const auto admit = [&](std::string_view subject, std::string_view print) {
      return f.registry.admit({"CT1", "FERMATA", "127.0.0.1", true, subject, print}).verdict;
    };
    CHECK(admit("CN=ct1,O=Hospital", fingerprint) == Verdict::admitted);
    CHECK(admit("CN=ct2,O=Hospital", std::string(64, 'b')) == Verdict::certificate_required);
    CHECK(admit("", "") == Verdict::certificate_required);
    CHECK(f.admit("CT1", "127.0.0.1").verdict == Verdict::tls_required);
    CHECK(f.resolve("CT1", {"CT1", "FERMATA", "127.0.0.1", true}).at(0).certificate == name);
  }
}

TEST_CASE("a node that needs a user is not admitted without") {
  auto s = settings("CT1@127.0.0.1");
  s.nodes[0].user_required = true;
  Fixture f(s);
  CHECK(f.admit("CT1", "127.0.0.1").verdict == Verdict::user_required);
  CHECK(f.registry.admit({"CT1", "FERMATA", "127.0.0.1", false, "", "", "jane"}).verdict == Verdict::admitted);
}

TEST_CASE("a node is found where the configuration says") {
  auto s = settings("HOROS@192.0.2.1:11112");
  s.nodes[0].preferred_transfer_syntaxes = {"1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.1"};
  s.nodes[0].tls = true;
  Fixture f(s);
  const auto found = f.resolve(" HOROS", {"CT1", "FERMATA", "192.0.2.9", false});
  REQUIRE(found.size() == 1);
  CHECK(found[0].host == "192.0.2.1");
  CHECK(found[0].port == 11112);
  CHECK(found[0].tls);
  CHECK(found[0].preferred_transfer_syntaxes == s.nodes[0].preferred_transfer_syntaxes);
  CHECK(found[0].origin == kFromConfiguration);
  CHECK(f.resolve("OTHER", {"CT1", "FERMATA", "192.0.2.9", false}).empty());
}

TEST_CASE("a trusted caller that names itself is found at its own address") {
  auto s = settings("CT1@192.0.2.1", {"127.0.0.0/8"});
  const Caller caller{"Johns-MacBook-Pr", "FERMATA", "::ffff:127.0.0.5", false};
  const auto found = Fixture(s).resolve("Johns-MacBook-Pr ", caller);
  REQUIRE(found.size() == 1);
  CHECK(found[0].ae_title == "Johns-MacBook-Pr");
  CHECK(found[0].host == "127.0.0.5");
  CHECK(found[0].port == 11112);
  CHECK(found[0].origin == kFromCaller);

  CHECK(Fixture(s).resolve("SOMEBODY-ELSE", caller).empty());
  CHECK(Fixture(s).resolve("X", {"X", "FERMATA", "192.0.2.9", false}).empty());
  CHECK(Fixture(s).resolve("", {"", "FERMATA", "127.0.0.5", false}).empty());
  s.answer_callers_on_port = 0;
  CHECK(Fixture(s).resolve("Johns-MacBook-Pr", caller).empty());
}

TEST_CASE("a node without a host is found at its own address only when it is trusted") {
  auto s = settings("", {"127.0.0.0/8"});
  Node laptop;
  laptop.ae_title = "LAPTOP";
  laptop.any_address = true;
  s.nodes.push_back(laptop);
  CHECK(Fixture(s).resolve("LAPTOP", {"LAPTOP", "FERMATA", "127.0.0.5", false}).size() == 1);
  CHECK(Fixture(s).resolve("LAPTOP", {"LAPTOP", "FERMATA", "192.0.2.5", false}).empty());
}

TEST_CASE("a title that no node has is found where a station announces it, and gets no rights by that") {
  auto s = settings("CT1@192.0.2.1,MR@192.0.2.2");
  s.discovered_networks = {IpNetwork::parse("192.168.0.0/16")};
  Fixture f(s);
  GivenStations stations;
  stations.add("HOROS", "192.168.0.12", 4242);
  stations.add("MR", "192.168.0.66");
  stations.add("ROGUE", "203.0.113.5");
  const Caller caller{"CT1", "FERMATA", "192.0.2.1", false};
  CHECK(f.resolve("HOROS", caller).empty());
  f.registry.use(&stations);
  const auto found = f.resolve(" HOROS", caller);
  REQUIRE(found.size() == 1);
  CHECK(found[0].ae_title == "HOROS");
  CHECK(found[0].host == "192.168.0.12");
  CHECK(found[0].port == 4242);
  CHECK(found[0].rights == 0);
  CHECK(found[0].origin == kFromDiscovery);
  CHECK(f.admit("HOROS", "192.168.0.12").verdict == Verdict::unknown_ae_title);
  CHECK(f.resolve("MR", caller).at(0).host == "192.0.2.2");
  CHECK(f.resolve("ROGUE", caller).empty());
  CHECK(f.resolve("", caller).empty());

  s.resolve_discovered = false;
  Fixture off(s);
  off.registry.use(&stations);
  CHECK(off.resolve("HOROS", caller).empty());
}

TEST_CASE("a caller that names itself is not sent elsewhere by somebody who announces its title") {
  auto s = settings("", {"192.168.0.0/16"});
  s.discovered_networks = s.trusted_networks;
  Fixture f(s);
  GivenStations stations;
  f.registry.use(&stations);
  const Caller horos{"HOROS", "FERMATA", "192.168.0.12", false};
  stations.add("HOROS", "192.168.0.66");
  CHECK(f.resolve("HOROS", horos).at(0).host == "192.168.0.12");
  CHECK(f.resolve("HOROS", horos).at(0).port == 11112);
  stations.add("HOROS", "192.168.0.12", 4242);
  CHECK(f.resolve("HOROS", horos).at(0).host == "192.168.0.12");
  CHECK(f.resolve("HOROS", horos).at(0).port == 4242);
  CHECK(f.resolve("HOROS", {"CT1", "FERMATA", "192.168.0.20", false}).empty());
}

TEST_CASE("a node without a host is found where it announces itself, with what is known of it") {
  auto s = settings("");
  s.discovered_networks = {IpNetwork::parse("192.168.0.0/16")};
  Node laptop;
  laptop.ae_title = "LAPTOP";
  laptop.any_address = true;
  laptop.tls = true;
  s.nodes.push_back(laptop);
  Fixture f(s);
  GivenStations stations;
  stations.add("LAPTOP", "192.168.0.30");
  f.registry.use(&stations);
  const auto found = f.resolve("LAPTOP", {"CT1", "FERMATA", "192.0.2.1", false});
  REQUIRE(found.size() == 1);
  CHECK(found[0].host == "192.168.0.30");
  CHECK(found[0].tls);
}

TEST_CASE("a node that an administrator adds is admitted at once, by host name too") {
  Fixture f(settings("HOROS@192.0.2.1"));
  CHECK(f.admit("MR", "192.0.2.77").verdict == Verdict::unknown_ae_title);
  ApplicationEntity entity;
  entity.ae_title = "MR";
  entity.host = "mr.example";
  entity.rights = kMayStore;
  f.registry.put(entity);
  f.addresses.wait_until_known(5s);
  CHECK(f.admit("MR", "192.0.2.77").rights == kMayStore);
  f.registry.remove("MR");
  CHECK(f.admit("MR", "192.0.2.77").verdict == Verdict::unknown_ae_title);
  entity.ae_title = "HOROS";
  CHECK(code_of([&] { f.registry.put(entity); }) == Code::conflict);
  entity.ae_title = "A\\B";
  CHECK(code_of([&] { f.registry.put(entity); }) == Code::invalid);
}

TEST_CASE("nodes are listed by AE title") {
  Fixture f(settings("MR@192.0.2.1,CT@192.0.2.2"));
  const auto cursor = f.registry.list();
  ApplicationEntity entity;
  REQUIRE(cursor->next(entity));
  CHECK(entity.ae_title == "CT");
  REQUIRE(cursor->next(entity));
  CHECK(entity.ae_title == "MR");
  CHECK_FALSE(cursor->next(entity));
}

TEST_CASE("the C boundary changes nothing") {
  auto s = settings("HOROS@192.0.2.1:11112", {"127.0.0.0/8"});
  s.nodes[0].preferred_transfer_syntaxes = {"1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.1"};
  Fixture f(s);
  using Bridge = bridge::Bridge<ApplicationEntities>;
  ApplicationEntities* object = &f.registry;
  Bridge::Proxy proxy(Bridge::table(), object);
  CHECK(proxy.admit({"HOROS", "FERMATA", "192.0.2.1", false}).verdict == Verdict::admitted);
  CHECK(proxy.admit({"X", "FERMATA", "192.0.2.1", false}).verdict == Verdict::unknown_ae_title);
  ApplicationEntity entity;
  const auto found = proxy.resolve("HOROS", {});
  REQUIRE(found->next(entity));
  CHECK(to_node(entity).preferred_transfer_syntaxes == s.nodes[0].preferred_transfer_syntaxes);
  CHECK_FALSE(found->next(entity));
  proxy.remember_refused({"X", "FERMATA", "192.0.2.9", false}, "store", "unknown");
  RefusedCaller refused;
  const auto all = proxy.refused();
  REQUIRE(all->next(refused));
  CHECK(refused.calling_ae_title == "X");
  CHECK(refused.times == 1);
  CHECK(refused.last_us > 0);
  CHECK_FALSE(all->next(refused));
  proxy.forget_refused("X", "192.0.2.9");
  CHECK(f.refused.all().empty());
  CHECK(code_of([&] { proxy.remove("HOROS"); }) == Code::conflict);
}

TEST_CASE("the list of nodes says when each was admitted last") {
  Fixture f(settings("CT1@192.0.2.1,CT2@192.0.2.2"));
  f.admit("CT1 ", "192.0.2.1");
  f.admit("CT2", "192.0.2.99");
  const auto nodes = f.registry.list();
  ApplicationEntity node;
  REQUIRE(nodes->next(node));
  CHECK(node.last_seen_us > 0);
  REQUIRE(nodes->next(node));
  CHECK(node.last_seen_us == 0);
}

TEST_CASE("nodes may change while callers are being admitted") {
  Fixture f(settings("HOROS@192.0.2.1"));
  std::atomic<bool> done = false;
  std::thread administrator([&] {
    for (int i = 0; i < 200; ++i) {
      ApplicationEntity entity;
      entity.ae_title = "CT1";
      entity.host = i % 2 == 0 ? "192.0.2.2" : "ct1.example";
      entity.rights = kMayStore;
      f.registry.put(entity);
      f.registry.remove("CT1");
    }
    done = true;
  });
  int refused = 0;
  while (!done) {
    refused += f.admit("HOROS", "192.0.2.1").verdict == Verdict::admitted ? 0 : 1;
    f.admit("CT1", "192.0.2.77");
    f.registry.remember_refused({"CT1", "FERMATA", "192.0.2.77", false}, "store", "unknown");
  }
  administrator.join();
  CHECK(refused == 0);
}

}  // namespace fermata::application_entities
