// The real program with real plugins: exit codes, messages, signals.
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "program_run.hpp"

using Catch::Contains;

namespace {

constexpr const char* kGreeter = "plugins:\n  greeter:\n";

std::string trouble(const std::string& where, bool required = true) {
  return "plugins:\n  troublemaker:\n    required: " + std::string(required ? "true" : "false") +
         "\n    config: {where: " + where + "}\n";
}

std::string stall(const std::string& where, bool required, const std::string& how_long = "7d") {
  return "plugins:\n  troublemaker:\n    required: " + std::string(required ? "true" : "false") +
         "\n    config: {where: stall in " + where + ", stall: " + how_long + "}\n";
}

std::ptrdiff_t position(const std::string& text, const std::string& part) {
  const auto found = text.find(part);
  REQUIRE(found != std::string::npos);
  return static_cast<std::ptrdiff_t>(found);
}

}  // namespace

TEST_CASE("the options --help and --version tell what they are asked") {
  ProgramRun help({"--help"});
  CHECK(help.exit_code() == 0);
  CHECK_THAT(help.output(),
             Contains("fermata VERB") && Contains("config-schema") && Contains("--set") && Contains("78"));
  ProgramRun version({"--version"});
  CHECK(version.exit_code() == 0);
  CHECK_THAT(version.output(), Contains("plugin interface 1.0"));
}

TEST_CASE("without a verb, the usage is an error") {
  ProgramRun run({});
  CHECK(run.exit_code() == 64);
  CHECK_THAT(run.errors(), Contains("Usage: fermata"));
}

TEST_CASE("an unknown verb gets a hint") {
  ProgramRun alone({"sevre"});
  CHECK(alone.exit_code() == 64);
  CHECK_THAT(alone.errors(), Contains("unknown verb \"sevre\"; did you mean \"serve\"?"));
  ProgramRun with_plugins({"sya"}, kGreeter);
  CHECK(with_plugins.exit_code() == 64);
  CHECK_THAT(with_plugins.errors(), Contains("did you mean \"say\"?"));
}

TEST_CASE("no configuration, or a wrong one, ends with 78") {
  if (!std::filesystem::exists("/etc/fermata/fermata.yaml")) {
    ProgramRun none({"serve"});
    CHECK(none.exit_code() == 78);
    CHECK_THAT(none.errors(), Contains("no configuration; name it with --config"));
  }
  ProgramRun wrong({"serve"}, "plugins:\n  greeter:\n    config:\n      port: high\n      prot: 1\n");
  CHECK(wrong.exit_code() == 78);
  CHECK_THAT(wrong.errors(), Contains("fermata.yaml:4:13: plugins.greeter.config.port: expected an integer") &&
                                 Contains("fermata.yaml:5:7: unknown option \"prot\""));
}

TEST_CASE("check finds a good configuration good and starts nothing") {
  ProgramRun run({"check"}, "log: {file: /nowhere/at/all.log}\nplugins: {listener: {}, greeter: {}}\n");
  CHECK(run.exit_code() == 0);
  CHECK_THAT(run.output(), Contains("OK: ") && Contains("2 plugins, in the order greeter, listener"));
  CHECK_THAT(run.errors(), !Contains("started"));
}

TEST_CASE("check finds what a plugin finds wrong with its options") {
  ProgramRun run({"check"}, trouble("options"));
  CHECK(run.exit_code() == 78);
  CHECK_THAT(run.errors(), Contains("the plugin \"troublemaker\" can't be created: trouble with options"));
}

TEST_CASE("plugins lists what there is and in which state") {
  ProgramRun run({"plugins"}, "plugins: {greeter: {}, choir: {enabled: false}}\n");
  CHECK(run.exit_code() == 69);  // the broken ones among the plugins for tests
  CHECK_THAT(run.output(), Contains("\ngreeter   greeter ") && Contains(" 1.2.3    enabled ") && Contains("disabled") &&
                               Contains("test.greeter/1, fermata.command/1") && Contains("not configured") &&
                               Contains("broken"));
  CHECK_THAT(run.errors(), Contains("\"other-interface\" is made for plugin interface 2"));
}

TEST_CASE("plugins says which ones the program would leave out for want of a service") {
  ProgramRun run({"plugins"}, "plugins: {listener: {required: false}, plain-c: {required: false}}\n");
  CHECK(run.exit_code() == 69);
  CHECK_THAT(run.output(), Contains("left out") && Contains("enabled, not required"));
  CHECK_THAT(run.errors(),
             Contains("the plugin \"listener\" needs test.greeter/1, which no enabled plugin provides; add one"));
}

TEST_CASE("serve starts in the order of needs, and SIGTERM stops in reverse with 0") {
  ProgramRun run({"serve"}, "plugins: {listener: {}, greeter: {config: {greeting: moin}}, plain-c: {}}\n");
  REQUIRE(run.shows("host: ready plugins=3"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  const auto log = run.errors();
  CHECK_THAT(log, Contains("listener: heard greeting=moin") && Contains("plain-c: started in C"));
  CHECK(position(log, "greeter: started") < position(log, "listener: heard"));
  CHECK(position(log, "greeter: draining") < position(log, "listener: stopped"));
  CHECK(position(log, "listener: stopped") < position(log, "greeter: stopped"));
  CHECK_THAT(log, Contains("greeter: counters greetings_total=7\n") && Contains("plain-c: counters served_total=1"));
}

TEST_CASE("the environment reaches the plugins as what their schemas want") {
  ProgramRun run({"serve"},
                 "plugins: {greeter: {config: {port: \"${TEST_PORT:-1}\", greeting: \"${TEST_GREETING}\"}}}\n",
                 {{"TEST_PORT", "11112"}, {"TEST_GREETING", "12"}});
  CHECK(run.shows("greeter: started greeting=12 port=11112"));
}

TEST_CASE("the option --set wins over the file") {
  ProgramRun run({"serve", "--set", "plugins.greeter.config.port=105"}, "plugins: {greeter: {config: {port: 104}}}\n");
  CHECK(run.shows("port=105"));
  ProgramRun wrong({"check", "--set", "plugins.greeter.config.port=x"}, kGreeter);
  CHECK(wrong.exit_code() == 78);
  CHECK_THAT(wrong.errors(),
             Contains("--set plugins.greeter.config.port: plugins.greeter.config.port: expected an integer"));
}

TEST_CASE("FERMATA_CONFIG names the configuration") {
  const TemporaryFolder folder;
  const auto file = folder.write("mine.yaml", kGreeter);
  ProgramRun run({"check"}, "", {{"FERMATA_CONFIG", file.string()}});
  CHECK(run.exit_code() == 0);
  CHECK_THAT(run.output(), Contains("mine.yaml"));
}

TEST_CASE("all providers of a service, two instances of one library, are found by name") {
  ProgramRun run({"serve"}, R"(
plugins:
  choir:
  z: {plugin: greeter, config: {greeting: last}}
  b: {plugin: greeter, config: {greeting: first}}
)");
  CHECK(run.shows("choir: heard greetings=b:first;z:last;"));
}

TEST_CASE("uses chooses among two providers") {
  ProgramRun run({"serve"}, R"(
plugins:
  listener: {uses: {test.greeter: b}}
  a: {plugin: greeter, config: {greeting: one}}
  b: {plugin: greeter, config: {greeting: two}}
)");
  CHECK(run.shows("listener: heard greeting=two"));
}

TEST_CASE("a required plugin that can't start ends the program with 69, and what was started stops") {
  for (const auto* where : {"create", "start"}) {
    ProgramRun run({"serve"}, "plugins: {greeter: {}, troublemaker: {config: {where: " + std::string(where) + "}}}\n");
    CHECK(run.exit_code() == 69);
    CHECK_THAT(run.errors(), Contains("can't start reason=") && Contains("troublemaker") &&
                                 Contains("trouble in " + std::string(where)) && !Contains("troublemaker: stopped"));
    CHECK((run.errors().find("greeter: stopped") != std::string::npos) == (std::string(where) == "start"));
  }
}

TEST_CASE("a plugin that breaks its word about services is named") {
  ProgramRun forgets({"serve"}, trouble("forget"));
  CHECK(forgets.exit_code() == 69);
  CHECK_THAT(forgets.errors(), Contains("it says that it provides test.greeter/1, but did not publish it") &&
                                   Contains("troublemaker: stopped"));
  ProgramRun undeclared({"serve"}, trouble("undeclared"));
  CHECK(undeclared.exit_code() == 78);
  CHECK_THAT(undeclared.errors(), Contains("asks for fermata.command/1, which its entry does not list"));
  ProgramRun outside({"serve"}, trouble("outside"));
  CHECK(outside.exit_code() == 69);
  CHECK_THAT(outside.errors(), Contains("publishes test.greeter/1 outside of start"));
}

TEST_CASE("what is not required may fail in every step while the rest runs") {
  for (const auto* where : {"create", "start", "serve"}) {
    ProgramRun run({"serve"}, trouble(where, false) + "  plain-c:\n");
    CHECK(run.shows("running without a plugin name=troublemaker reason="));
    CHECK(run.shows("host: ready"));
    run.signal(SIGTERM);
    CHECK(run.exit_code() == 0);
  }
  ProgramRun missing({"serve"},
                     "plugins: {nowhere: {required: false}, other-interface: {required: false}, plain-c: {}}\n");
  CHECK(missing.shows("running without a plugin name=nowhere"));
  CHECK(missing.shows("running without a plugin name=other-interface"));
  CHECK(missing.shows("host: ready plugins=1"));
}

TEST_CASE("who needs a failed plugin goes with it, or stops the program if it is required") {
  ProgramRun degrades({"serve"}, trouble("start", false) + "  listener: {required: false}\n  plain-c:\n");
  CHECK(degrades.shows("running without a plugin name=listener"));
  CHECK(degrades.shows("host: ready plugins=1"));
  ProgramRun stops({"serve"}, trouble("start", false) + "  listener: {}\n");
  CHECK(stops.exit_code() == 69);
  CHECK_THAT(stops.errors(), Contains("the plugin \\\"listener\\\" can't start: ") && Contains("test.greeter/1"));
}

TEST_CASE("a plugin that stalls is left out if it is not required, and so is who needs it") {
  ProgramRun run({"serve"}, "start_deadline: 200ms\n" + stall("start", false) +
                                "  listener: {required: false}\n  plain-c:\n  watcher:\n");
  REQUIRE(run.shows("host: ready plugins=2"));
  CHECK_THAT(run.errors(), Contains("running without a plugin name=troublemaker reason=\"can't start: it has not come "
                                    "back for 0.2 s; start_deadline can give it longer") &&
                               Contains("running without a plugin name=listener"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  CHECK_THAT(run.errors(), Contains("condition of=troublemaker name=left-out degree=2") && Contains("host: stopped") &&
                               Contains("plain-c: counters served_total=1") && !Contains("troublemaker: stopped"));
}

TEST_CASE("a plugin that stalls when it is to serve is left out if it is not required") {
  ProgramRun run({"serve"}, "start_deadline: 200ms\n" + stall("serve", false) + "  greeter:\n");
  REQUIRE(run.shows("host: ready"));
  CHECK(run.shows("running without a plugin name=troublemaker reason=\"can't serve: it has not come back for 0.2 s"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  CHECK_THAT(run.errors(), Contains("greeter: stopped") && !Contains("troublemaker: stopped"));
}

TEST_CASE("a required plugin that stalls ends the program with 69, and what was started stops") {
  for (const std::string where : {"create", "start", "serve"}) {
    ProgramRun run({"serve"}, "start_deadline: 200ms\n" + stall(where, true) + "  greeter:\n");
    CHECK(run.exit_code() == 69);
    CHECK_THAT(run.errors(),
               Contains("the plugin \\\"troublemaker\\\" can't " + (where == "create" ? "be created" : where) +
                        ": it has not come back and has logged nothing for 0.2 s") &&
                   !Contains("troublemaker: stopped"));
    CHECK((run.errors().find("greeter: stopped") != std::string::npos) == (where == "serve"));
  }
}

TEST_CASE("a required plugin may take its time while it goes on logging, others may not") {
  const std::string talks = "start_deadline: 300ms\n" + stall("start", true, "1s");
  const auto talk = [](std::string config) { return config.replace(config.find("stall in"), 5, "talk"); };
  ProgramRun patient({"serve"}, talk(talks));
  CHECK(patient.shows("host: ready plugins=1"));
  auto optional = talk(talks);
  optional.replace(optional.find("required: true"), 14, "required: false");
  ProgramRun hurried({"serve"}, optional);
  CHECK(hurried.shows("running without a plugin name=troublemaker"));
}

TEST_CASE("a plugin that comes back after it was given up is stopped, and the program ends as always") {
  ProgramRun run({"serve"}, "start_deadline: 100ms\n" + stall("start", false, "500ms") + "  plain-c:\n");
  REQUIRE(run.shows("host: ready plugins=1"));
  CHECK(run.shows("troublemaker: came back after it was given up outcome=stopped"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  CHECK_THAT(run.errors(), Contains("troublemaker: stopped") && !Contains("troublemaker: drained"));
}

TEST_CASE("a plugin that stalls while it is created is left out if it is not required, and check says so") {
  const auto config = "start_deadline: 200ms\n" + stall("create", false) + "  plain-c:\n";
  ProgramRun run({"serve"}, config);
  REQUIRE(run.shows("host: ready plugins=1"));
  CHECK_THAT(run.errors(), Contains("running without a plugin name=troublemaker reason=\"can't be created: it has not "
                                    "come back for 0.2 s; start_deadline can give it longer"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  CHECK_THAT(run.errors(), Contains("host: stopped") && !Contains("troublemaker: destroyed"));

  ProgramRun check({"check"}, config);
  CHECK(check.exit_code() == 0);
  CHECK_THAT(check.output(), Contains("would run without troublemaker"));
  ProgramRun required({"check"}, "start_deadline: 200ms\n" + stall("create", true));
  CHECK(required.exit_code() == 69);
  CHECK_THAT(required.errors(), Contains("the plugin \"troublemaker\" can't be created: it has not come back"));
}

TEST_CASE("a plugin that is created after it was given up is destroyed at once") {
  ProgramRun run({"serve"}, "start_deadline: 100ms\n" + stall("create", false, "500ms") + "  plain-c:\n");
  CHECK(run.shows("troublemaker: came back after it was given up outcome=destroyed"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  const auto log = run.errors();
  CHECK(position(log, "troublemaker: destroyed") < position(log, "host: stopping"));
}

TEST_CASE("a library that stalls or ends its program while it is loaded is left out, or ends the start") {
  const std::map<std::string, std::string> reasons = {
      {"stall",
       "troublemaker.so have not come back for 0.3 s; remove the plugin or install it again, or give it longer "
       "with start_deadline"},
      {"crash", "troublemaker.so ends every program that loads it (Aborted); remove the plugin, or install it again"},
      {"exit", "troublemaker.so ends every program that loads it (exit code 0)"}};
  for (const auto& [trouble, reason] : reasons) {
    const ProgramRun::Variables variables = {{"TROUBLE_WHILE_LOADING", trouble}};
    const std::string config = "start_deadline: 300ms\nplugins:\n  plain-c:\n  troublemaker: {config: {where: nowhere}";
    ProgramRun optional({"serve"}, config + ", required: false}\n", variables);
    REQUIRE(optional.shows("host: ready plugins=1"));
    CHECK_THAT(optional.errors(), Contains("running without a plugin name=troublemaker") && Contains(reason));
    optional.signal(SIGTERM);
    CHECK(optional.exit_code() == 0);

    ProgramRun required({"serve"}, config + "}\n", variables);
    CHECK(required.exit_code() == 78);
    CHECK_THAT(required.errors(), Contains("3: the plugin \"troublemaker\" can't be loaded: ") && Contains(reason));

    ProgramRun plugins({"plugins"}, config + "}\n", variables);
    CHECK(plugins.exit_code() == 69);
    const auto table = plugins.output();
    const auto line = table.substr(static_cast<std::size_t>(position(table, "\ntroublemaker ")) + 1);
    CHECK_THAT(line.substr(0, line.find('\n')), Contains(" broken "));
    CHECK_THAT(table, Contains("greeter"));
    CHECK_THAT(plugins.errors(), Contains(reason));
  }
}

TEST_CASE("a plugin that serves after it was given up goes on until the others stop") {
  ProgramRun run({"serve"}, "start_deadline: 100ms\n" + stall("serve", false, "500ms") + "  plain-c:\n");
  CHECK(run.shows("troublemaker: came back after it was given up outcome=\"serves, but counts as left out\""));
  CHECK_THAT(run.errors(), !Contains("troublemaker: stopped"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  CHECK_THAT(run.errors(), Contains("troublemaker: drained") && Contains("troublemaker: stopped"));
}

TEST_CASE("a plugin's command runs although another plugin stalls") {
  ProgramRun run({"say", "a"}, "start_deadline: 200ms\n" + stall("start", false) + "  greeter:\n");
  CHECK(run.exit_code() == 7);
  CHECK(run.output() == "[a]\n");
}

namespace {

/// A program that serves, and others that have it run commands.
struct Desk {
  Desk() : config("control_socket: " + (folder / "s" / "control").string() + "\nplugins:\n  greeter:\n") {}
  TemporaryFolder folder;
  const std::string config;
};

}  // namespace

TEST_CASE("a command that can do so runs in the program that serves, and its user sees and types as ever") {
  Desk desk;
  ProgramRun serving({"serve"}, desk.config);
  REQUIRE(serving.shows("host: ready"));
  ProgramRun talk({"talk", "\xc3\xa4", "\xff\""}, desk.config, {}, "secret\n");
  CHECK(talk.exit_code() == 7);
  CHECK(talk.output() == "[\xc3\xa4][\xff\"] secret\n");
  CHECK(talk.errors() == "pid " + std::to_string(serving.process()) + "\n");
  CHECK(serving.shows("host: a command is run for a user of this machine command=talk"));
  ProgramRun much({"talk", "long"}, desk.config);
  CHECK(much.exit_code() == 0);
  CHECK(much.output().size() == 300'001);

  ProgramRun refused({"talk"}, desk.config);
  CHECK(refused.exit_code() == 1);
  CHECK(refused.errors() == "fermata talk: nobody to talk to\n");
  ProgramRun silent({"talk", "a"}, desk.config);
  CHECK(silent.exit_code() == 1);
  CHECK_THAT(silent.errors(), Contains("fermata talk: no password was given on standard input"));

  ProgramRun list({"commands"}, desk.config);
  CHECK(list.exit_code() == 0);
  CHECK_THAT(list.output(), Contains("say  says its arguments\ntalk  greets whoever asks"));
  CHECK(serving.shows("command=commands"));

  ProgramRun other({"say", "a"}, desk.config);
  CHECK(other.exit_code() == 7);
  CHECK(other.output() == "[a]\n");
}

TEST_CASE("a command of the program that serves ends with it, or with its user") {
  Desk desk;
  ProgramRun serving({"serve"}, desk.config);
  REQUIRE(serving.shows("host: ready"));
  ProgramRun waiting({"talk", "for-ever"}, desk.config);
  REQUIRE(waiting.shows("waiting"));
  waiting.signal(SIGKILL);
  CHECK(waiting.exit_code() == 1000 + SIGKILL);
  ProgramRun another({"talk", "for-ever"}, desk.config);
  REQUIRE(another.shows("waiting"));
  serving.signal(SIGTERM);
  CHECK(another.exit_code() == 1);
  CHECK_THAT(another.errors(), Contains("nobody waits any more"));
  CHECK(serving.exit_code() == 0);
  CHECK_FALSE(std::filesystem::exists(desk.folder / "s" / "control"));
}

TEST_CASE("while nothing serves, a command runs in its own program; a socket left behind does not matter") {
  Desk desk;
  ProgramRun killed({"serve"}, desk.config);
  REQUIRE(killed.shows("host: ready"));
  killed.signal(SIGKILL);
  killed.exit_code();
  REQUIRE(std::filesystem::exists(desk.folder / "s" / "control"));
  ProgramRun talk({"talk", "a"}, desk.config, {}, "secret");
  const auto own = std::to_string(talk.process());
  CHECK(talk.exit_code() == 7);
  CHECK(talk.output() == "[a] secret\n");
  CHECK(talk.errors() == "pid " + own + "\n");
  ProgramRun again({"serve"}, desk.config);
  CHECK(again.shows("host: ready"));
}

TEST_CASE("the program serves where it can't make the socket, and says so") {
  ProgramRun run({"serve"}, "control_socket: /proc/none/control\nplugins:\n  greeter:\n");
  CHECK(run.shows("host: ready"));
  CHECK_THAT(run.errors(), Contains("commands can't reach this program") && Contains("/proc/none/control"));
}

TEST_CASE("a plugin that can't go on ends the program in order with 70") {
  ProgramRun run({"serve"}, trouble("fail") + "  greeter:\n");
  CHECK(run.exit_code() == 70);
  CHECK_THAT(run.errors(), Contains("troublemaker: can't go on reason=\"trouble at work\"") &&
                               Contains("greeter: stopped") && Contains("troublemaker: stopped"));
}

TEST_CASE("running work is waited for, but not beyond the deadline") {
  const std::string work = "plugins: {greeter: {config: {drain: 60s}}}\n";
  ProgramRun run({"serve"}, "drain_deadline: 300ms\n" + work);
  REQUIRE(run.shows("host: ready"));
  run.signal(SIGINT);
  CHECK(run.exit_code() == 0);
  const auto log = run.errors();
  const std::string label = "draining deadline_ms=";
  const int given = std::stoi(log.substr(static_cast<std::size_t>(position(log, label)) + label.size()));
  CHECK(given > 0);
  CHECK(given <= 300);
}

TEST_CASE("a second signal ends the program although work goes on") {
  ProgramRun run({"serve"}, "drain_deadline: 60s\nplugins: {greeter: {config: {drain: 60s}}}\n");
  REQUIRE(run.shows("host: ready"));
  run.signal(SIGTERM);
  REQUIRE(run.shows("greeter: draining"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 70);
  CHECK_THAT(run.errors(), Contains("running work did not end"));
}

TEST_CASE("SIGHUP goes on in a new log file") {
  const TemporaryFolder folder;
  const auto file = folder / "fermata.log";
  ProgramRun run({"serve"}, "log: {file: " + file.string() + "}\nplugins: {greeter: }\n");
  const auto wait_for = [&](const std::string& text) {
    for (int i = 0; i < 1000 && contents(file).find(text) == std::string::npos; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return contents(file).find(text) != std::string::npos;
  };
  REQUIRE(wait_for("host: ready"));
  std::filesystem::rename(file, folder / "old.log");
  run.signal(SIGHUP);
  REQUIRE(wait_for("log opened anew"));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  CHECK_THAT(contents(file), Contains("host: stopped"));
  CHECK_THAT(contents(folder / "old.log"), Contains("host: ready") && !Contains("host: stopped"));
}

TEST_CASE("JSON logs have one object a line") {
  ProgramRun run({"serve"}, "log: {format: json}\nplugins: {greeter: {config: {greeting: \"a\\nb\\\"c\"}}}\n");
  REQUIRE(run.shows("\"message\":\"ready\",\"plugins\":\"1\""));
  run.signal(SIGTERM);
  CHECK(run.exit_code() == 0);
  std::istringstream lines(run.errors());
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) CHECK((line.front() == '{' && line.back() == '}'));
  CHECK(count >= 5);
  CHECK_THAT(run.errors(), Contains(R"("plugin":"greeter","message":"started","greeting":"a\nb\"c","port":"104"})"));
}

TEST_CASE("a flood of lines ends, and an error after it is there") {
  ProgramRun run({"serve"}, "plugins: {greeter: {config: {flood: 50000}}}\n");
  CHECK(run.shows("after the flood"));
}

TEST_CASE("a plugin's command gets its arguments and gives its exit code") {
  ProgramRun run({"say", "a", "--loud", "b c"}, kGreeter);
  CHECK(run.exit_code() == 7);
  CHECK(run.output() == "[a][--loud][b c]\n");
  CHECK_THAT(run.errors(), !Contains("after the flood"));  // which comes with serve
  ProgramRun fails({"say"}, kGreeter);
  CHECK(fails.exit_code() == 1);
  CHECK_THAT(fails.errors(), Contains("fermata say: nothing to say; name something"));
  ProgramRun list({"commands"}, kGreeter);
  CHECK(list.exit_code() == 0);
  CHECK_THAT(list.output(), Contains("say  says its arguments"));
}

TEST_CASE("a command that was published early runs without any plugin, if it says so") {
  const std::string with_failing = "plugins:\n  watcher:\n  troublemaker: {config: {where: start}}\n";
  ProgramRun alone({"shout", "loud"}, with_failing);
  CHECK(alone.exit_code() == 5);
  CHECK(alone.output() == "[alone]\n");
  ProgramRun started({"shout"}, "plugins: {watcher: {}}\n");
  CHECK(started.exit_code() == 5);
  CHECK(started.output() == "[started]\n");
  ProgramRun failing({"shout"}, with_failing);
  CHECK(failing.exit_code() != 5);
}

TEST_CASE("config-schema and config-docs need no configuration") {
  ProgramRun schema({"config-schema"});
  CHECK(schema.exit_code() == 0);
  CHECK_THAT(schema.output(), Contains("\"greeter\"") && Contains("A port that nobody listens on."));
  ProgramRun docs({"config-docs"});
  CHECK(docs.exit_code() == 0);
  CHECK_THAT(docs.output(), Contains("## The plugin `greeter`"));
}

TEST_CASE("the service manager hears of readiness, the watchdog and the end") {
  const TemporaryFolder folder;
  const auto path = (folder / "notify").string();
  const int receiver = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  REQUIRE(path.size() < sizeof address.sun_path);
  std::copy(path.begin(), path.end(), address.sun_path);
  REQUIRE(::bind(receiver, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const timeval patience{10, 0};
  ::setsockopt(receiver, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);

  ProgramRun run({"serve"}, kGreeter, {{"NOTIFY_SOCKET", path}, {"WATCHDOG_USEC", "100000"}});
  std::string heard;
  const auto hears = [&](const std::string& text) {
    char message[4096];
    while (heard.find(text) == std::string::npos) {
      const ssize_t n = ::recv(receiver, message, sizeof message, 0);
      if (n <= 0) return false;
      heard += std::string(message, static_cast<std::size_t>(n)) + '\n';
    }
    return true;
  };
  CHECK(hears("STATUS=starting greeter"));
  CHECK(hears("READY=1\nSTATUS=ready, 1 plugins"));
  CHECK(hears("WATCHDOG=1"));
  run.signal(SIGTERM);
  CHECK(hears("STOPPING=1"));
  CHECK(run.exit_code() == 0);
  ::close(receiver);
}
