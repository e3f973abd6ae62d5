#include "configuration/configuration.hpp"

#include <catch2/catch.hpp>

using namespace fermata::host;
using Catch::Contains;

namespace {

Configuration read(const std::string& yaml, Problems& problems, const std::vector<Override>& overrides = {}) {
  return Configuration::from_text(
      yaml, "f.yaml", overrides,
      [](const std::string& name) -> std::optional<std::string> {
        if (name == "LEVEL") return "debug";
        return {};
      },
      problems);
}

std::string problems_of(const std::string& yaml, const std::vector<Override>& overrides = {}) {
  Problems problems;
  read(yaml, problems, overrides);
  return problems.text();
}

}  // namespace

TEST_CASE("a plugin's section says what to load and what it may use") {
  Problems problems;
  const auto configuration = read(R"(
plugins:
  fast:
    plugin: storage-filesystem
    required: false
    uses: {fermata.blob-store: slow}
    config: {root: /tmp}
  slow:
  off: {enabled: false}
)",
                                  problems);
  CHECK(problems.text() == "");
  REQUIRE(configuration.plugins().size() == 3);
  const auto& fast = configuration.plugins()[0];
  CHECK(fast.instance == "fast");
  CHECK(fast.plugin == "storage-filesystem");
  CHECK_FALSE(fast.required);
  CHECK(fast.uses.at("fermata.blob-store") == "slow");
  CHECK(fast.location.line == 3);
  CHECK(configuration.plugins()[1].plugin == "slow");
  CHECK(configuration.plugins()[1].required);
  CHECK_FALSE(configuration.plugins()[2].enabled);
}

TEST_CASE("the host's options have defaults and take variables") {
  Problems problems;
  const auto configuration = read("log: {level: \"${LEVEL}\", levels: {a: error}}\nplugins: {a: }\n", problems);
  CHECK(problems.text() == "");
  CHECK(configuration.drain_deadline() == std::chrono::seconds(30));
  CHECK(configuration.log().level_of("host") == FERMATA_LOG_DEBUG);
  CHECK(configuration.log().level_of("a") == FERMATA_LOG_ERROR);
  CHECK(configuration.log().file.empty());
}

TEST_CASE("mistakes in the host's part are reported together") {
  CHECK(problems_of("log: {levl: info, levels: {aa: info}}\nplugins:\n  a: {enable: true}\n  B: {}\n  host: {}\n") ==
        "f.yaml:1:7: unknown option \"levl\" in log; did you mean \"level\"?\n"
        "f.yaml:1:28: log.levels names \"aa\", which is no plugin instance; did you mean \"a\"?\n"
        "f.yaml:3:7: unknown option \"enable\" in plugins.a; did you mean \"enabled\"?\n"
        "f.yaml:4:3: the name of the plugin instance \"B\" must be of lower case letters, digits and hyphens, and not "
        "\"host\"\n"
        "f.yaml:5:3: the name of the plugin instance \"host\" must be of lower case letters, digits and hyphens, and "
        "not \"host\"\n");
}

TEST_CASE("a file without plugins is a mistake") {
  CHECK_THAT(problems_of(""), Contains("no plugin is enabled"));
  CHECK_THAT(problems_of("plugins: {a: {enabled: false}}"), Contains("no plugin is enabled"));
}

TEST_CASE("a file that is no YAML, or several documents, is told with its place") {
  CHECK_THAT(problems_of("plugins: {a: [}"), Contains("f.yaml:1:") && Contains("is not valid YAML"));
  CHECK_THAT(problems_of("plugins: {a: }\n---\nb: c\n"), Contains("more than one YAML document"));
  CHECK_THAT(problems_of(",plugins: {}\n"), Contains("f.yaml:1:1: is not valid YAML"));
  CHECK_THAT(problems_of("plugins:\n  - dimse:\n"), Contains("f.yaml:2:3: plugins: expected a mapping, found a list"));
  CHECK_THAT(problems_of("- a\n- b\n"), Contains("f.yaml:1:1: expected a mapping, found a list"));
  CHECK_THAT(problems_of("just words"), Contains("expected a mapping"));
}

TEST_CASE("a file that can't be read is told with the reason") {
  Problems problems;
  Configuration::from_file("/nowhere/f.yaml", {}, process_environment(), problems);
  CHECK_THAT(problems.text(), Contains("/nowhere/f.yaml: can't be read: No such file"));
  CHECK_THAT(problems.text(), !Contains("no plugin"));
  Problems folder;
  Configuration::from_file("/tmp", {}, process_environment(), folder);
  CHECK_THAT(folder.text(), Contains("/tmp: can't be read: Is a directory"));
}

TEST_CASE("the option --set changes and adds options, and problems name it") {
  Problems problems;
  const auto configuration = read("log: {level: error}\nplugins: {a: }\n", problems,
                                  {{"log.level", "trace"}, {"plugins.b.required", "false"}, {"drain_deadline", "5s"}});
  CHECK(problems.text() == "");
  CHECK(configuration.log().level == FERMATA_LOG_TRACE);
  CHECK(configuration.drain_deadline() == std::chrono::seconds(5));
  REQUIRE(configuration.plugins().size() == 2);
  CHECK_FALSE(configuration.plugins()[1].required);

  CHECK_THAT(problems_of("plugins: {a: }", {{"log.level", "loud"}}),
             Contains("--set log.level: log.level: expected one of"));
  CHECK_THAT(problems_of("plugins: {a: }", {{"plugins.a.b.c", "1"}}), Contains("unknown option \"b\""));
  CHECK_THAT(problems_of("drain_deadline: 5s\nplugins: {a: }", {{"drain_deadline.x", "1"}}), Contains("no mapping"));
  CHECK_THAT(problems_of("plugins: {a: }", {{"a..b", "1"}}), Contains("--set a..b: write it as"));
}

TEST_CASE("options that are missing altogether are told at the plugin's line") {
  Problems problems;
  const auto configuration = read("plugins:\n  a:\n", problems);
  const auto schema = parse_schema(
      "type: object\ndescription: x\nrequired: [root]\nproperties: {root: {type: string, description: A folder.}}\n",
      "s", problems);
  configuration.plugin_config(configuration.plugins().front(), *schema, problems);
  CHECK(problems.text() == "f.yaml:2:3: the option plugins.a.config.root is missing: A folder.\n");
}
