// What a plugin learns from the host about the program and the other plugins.
#include <signal.h>

#include <catch2/catch.hpp>
#include <ctime>

#include "program_run.hpp"
#include "wiring.hpp"

using Catch::Contains;

TEST_CASE("a plugin sees the others come up and go, and what they count") {
  const auto before = std::time(nullptr);
  ProgramRun run({"serve"}, "plugins:\n  first:\n    plugin: greeter\n  watcher:\n  last:\n    plugin: plain-c\n");
  REQUIRE(run.shows("host: ready"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  const auto log = run.output() + run.errors();
  CHECK_THAT(log, Contains("at serve sees=first library=greeter version=1.2.3 state=serving required=yes"));
  CHECK_THAT(log, Contains("at serve sees=watcher library=watcher version=3.0.0 state=starting"));
  CHECK_THAT(log, Contains("at serve sees=last library=plain-c") && Contains("state=starting"));
  CHECK_THAT(log, Contains("at drain sees=first library=greeter version=1.2.3 state=stopping"));
  CHECK_THAT(log, Contains("counter of=first name=greetings_total value=7"));
  CHECK_THAT(log, Contains("counter of=host name=log_lines_left_out_total value=0"));
  const auto at = log.find("program version=" FERMATA_EXPECTED_VERSION " started=");
  REQUIRE(at != std::string::npos);
  const auto started = std::stoll(log.substr(log.find("started=", at) + 8));
  CHECK(started >= before);
  CHECK(started <= std::time(nullptr));
}

TEST_CASE("a plugin sees which ones the program runs without, and why") {
  ProgramRun run({"serve"},
                 "plugins:\n  nowhere: {required: false}\n  other-interface: {required: false}\n"
                 "  troublemaker: {required: false, config: {where: start}}\n  watcher:\n");
  REQUIRE(run.shows("host: ready"));
  const auto log = run.output() + run.errors();
  CHECK_THAT(
      log, Contains("sees=nowhere library=nowhere version=\"\" state=\"left out\" required=no reason=\"there is no "));
  CHECK_THAT(log, Contains("sees=other-interface library=other-interface") && Contains("interface 2"));
  CHECK_THAT(log, Contains("sees=troublemaker library=troublemaker") && Contains("can't start: trouble in start"));
}

TEST_CASE("what the host offers needs no plugin, and nobody else can offer it") {
  using namespace fermata::host;
  Participant http;
  http.name = "http";
  http.needs = {{"host-status/1", FERMATA_NEEDS_ONE}};
  Participant impostor;
  impostor.name = "impostor";
  impostor.provides = {"host-status/1"};
  CHECK(wire({http}).problems.size() == 1);
  const auto wiring = wire({http, impostor}, {"host-status/1"});
  CHECK(wiring.problems.empty());
  CHECK(wiring.order == std::vector<std::size_t>{0, 1});
  CHECK(wiring.providers[0].at("host-status/1") == std::vector<std::string>{kHostInstance});
}
