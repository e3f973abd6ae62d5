// What a plugin learns from the host about the program and the other plugins.
#include <signal.h>

#include <catch2/catch.hpp>
#include <ctime>

#include "fermata/testing/through_boundary.hpp"
#include "loading/wiring.hpp"
#include "program_run.hpp"
#include "running/program_status.hpp"
#include "temporary_folder.hpp"

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

TEST_CASE("a plugin sees the gauges and conditions of all, and what is fine again is gone") {
  const auto before = std::time(nullptr);
  ProgramRun run({"serve"}, "plugins:\n  nowhere: {required: false}\n  watcher:\n");
  REQUIRE(run.shows("host: ready"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  const auto log = run.output() + run.errors();
  CHECK_THAT(log, Contains("gauge of=watcher name=birds_seen value=1.5"));
  CHECK_THAT(log, Contains("condition of=watcher name=birds degree=2 text=\"No bird was seen\" remedy=\"Look again\""));
  CHECK_THAT(log, Contains("condition of=nowhere name=left-out degree=2 text=\"The program runs without nowhere: "));
  CHECK_THAT(log, !Contains("name=weather"));
  const auto at = log.find("name=birds degree=2");
  REQUIRE(at != std::string::npos);
  const auto since = std::stoll(log.substr(log.find("since=", at) + 6));
  CHECK(since >= before);
  CHECK(since <= std::time(nullptr));
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

TEST_CASE("log lines and settings are told to plugins that ask") {
  using namespace fermata;
  host::Problems problems;
  const auto configuration = host::Configuration::from_text(
      "drain_deadline: 5s\nplugins:\n  hello:\n    plugin: greeter\n    config:\n      port: 4006\n", "f.yaml", {},
      host::process_environment(), problems);
  host::PluginLoader loader(host::PluginDirectories({FERMATA_TEST_PLUGINS}), std::chrono::seconds(10));
  const auto assembly = host::assemble(configuration, loader, problems);
  REQUIRE(problems.text() == "");
  const TemporaryFolder folder;
  host::LogSettings log_settings;
  log_settings.file = (folder / "log").string();
  host::Log log(log_settings);
  host::ProgramStatus status(assembly, log);
  const auto remote = testing::through_boundary<HostStatus>(status);

  log.logger("hello").info("one");
  log.logger("hello").warning("two", {{"port", "4006"}});
  const auto lines = remote->log(1);
  LogLine line;
  REQUIRE(lines->next(line));
  CHECK(line.number == 2);
  CHECK(line.instance == "hello");
  CHECK(line.message == "two");
  CHECK(line.fields == "port=4006");
  CHECK_FALSE(lines->next(line));

  std::string all;
  const auto settings = remote->settings();
  for (Setting s; settings->next(s);)
    all += std::string(s.instance) + ' ' + std::string(s.option) + '=' + std::string(s.value) + " (" +
           std::string(s.origin) + ") " + std::string(s.description) + '\n';
  CHECK_THAT(all, Contains("host drain_deadline=\"5s\" (f.yaml:1) How long running work may go on"));
  CHECK_THAT(all, Contains("host plugins.hello.plugin=\"greeter\" (f.yaml:4)"));
  CHECK_THAT(all, Contains("hello port=4006 (f.yaml:6) A port that nobody listens on."));
  CHECK_THAT(all, Contains("hello greeting=\"hello\" (default) What it says."));
}
