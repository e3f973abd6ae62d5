#include "nodes_command.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/breakable_state_store.hpp"
#include "fermata/testing/recorded_console.hpp"
#include "node_list.hpp"
#include "registry.hpp"

namespace fermata::application_entities {
namespace {

using namespace std::chrono_literals;

struct Fixture {
  Fixture() { settings.nodes = parse_node_list("HOROS@192.0.2.1:11112"); }

  std::string run(std::vector<std::string_view> arguments) {
    NodeDirectory directory(settings.nodes, store, [](const std::string&) {});
    HostAddresses addresses([](const std::string&) { return std::vector<IpAddress>(); }, 1h);
    Registry registry(settings, directory, addresses, refused);
    testing::RecordedConsole console;
    const auto code = NodesCommand(registry).run_at(console, arguments);
    CHECK(code == 0);
    return console.written;
  }

  Settings settings;
  testing::BreakableStateStore store;
  RefusedCallers refused{10};
};

}  // namespace

TEST_CASE("the command shows nodes and refused callers in tables") {
  Fixture f;
  f.refused.remember({"CT1", "FERMATA", "192.0.2.9", false}, "store CT", "unknown AE title", 1'000'000);
  CHECK(f.run({}) ==
        "Nodes\n"
        "  AE title  Reached at       May                        Conditions  From           Description\n"
        "  HOROS     192.0.2.1:11112  echo store query retrieve  -           configuration\n"
        "\n"
        "Refused callers, latest first\n"
        "  AE title  Address    Called   Times  Last                  Wanted    Refused because\n"
        "  CT1       192.0.2.9  FERMATA  1      1970-01-01 00:00:01Z  store CT  unknown AE title\n");
}

TEST_CASE("the command adds, removes and forgets") {
  Fixture f;
  f.refused.remember({"CT1", "FERMATA", "192.0.2.9", false}, "", "", 1);
  f.run({"add", "MR@[fd00::7]:4006"});
  CHECK_THAT(f.run({}), Catch::Contains("[fd00::7]:4006") && Catch::Contains("administrator"));
  f.run({"remove", "MR"});
  CHECK_THAT(f.run({}), !Catch::Contains("MR"));
  f.run({"forget", "CT1", "192.0.2.9"});
  CHECK_THAT(f.run({}), Catch::Contains("none"));
}

TEST_CASE("the command explains itself when its arguments make no sense") {
  Fixture f;
  CHECK_THROWS_WITH(f.run({"add"}), Catch::Contains("usage"));
  CHECK_THROWS_WITH(f.run({"ad", "MR@h"}), Catch::Contains("usage"));
  CHECK_THROWS_AS(f.run({"remove", "HOROS"}), Error);
}

}  // namespace fermata::application_entities
