#include "configuration/effective_settings.hpp"

#include <catch2/catch.hpp>

#include "configuration/configuration.hpp"
#include "configuration/validation.hpp"

using namespace fermata::host;

namespace {

constexpr const char* kSchema = R"(
type: object
description: x
properties:
  limits:
    type: object
    description: x
    properties:
      body: {type: string, format: size, default: 1MiB, description: The most.}
      ratio: {type: number, default: 0.5, description: x}
  port: {type: integer, default: 104, description: x}
  title: {type: string, default: "", description: A title.}
  password: {type: string, default: "", secret: true, description: A password.}
  nodes:
    type: array
    description: Nodes.
    items:
      type: object
      description: x
      properties:
        host: {type: string, description: Its host.}
        key: {type: string, secret: true, description: Its key.}
        tls: {type: boolean, default: false, description: x}
  aliases:
    type: object
    description: x
    additionalProperties: {type: string, description: An alias.}
)";

/// "option = value (origin)" a line.
std::string settings(const std::string& yaml) {
  Problems problems;
  const auto schema = parse_schema(kSchema, "schema", problems);
  YamlSource source("f.yaml", [](const std::string& name) -> std::optional<std::string> {
    if (name == "AET") return "PACS";
    if (name == "SITE") return "A";
    if (name == "PASSWORD") return "hunter2";
    return {};
  });
  source.overridden("limits.ratio", "--set limits.ratio");
  const auto value = Validation(source, problems).read(*schema, parse_yaml(yaml, "f.yaml", problems), "");
  REQUIRE(problems.text() == "");
  std::string out;
  for (const auto& s : effective_settings("x", *schema, *value)) {
    CHECK(s.instance == "x");
    CHECK_FALSE(s.description.empty());
    out += s.option + " = " + s.value + " (" + s.origin + ")\n";
  }
  return out;
}

}  // namespace

TEST_CASE("every option is listed with its default where nothing is written") {
  CHECK(settings("") ==
        "limits.body = \"1MiB\" (default)\nlimits.ratio = 0.5 (default)\nport = 104 (default)\n"
        "title = \"\" (default)\npassword =  (default)\nnodes = [] (default)\naliases = {} (default)\n");
}

TEST_CASE("what is written is listed with its place, and with the variables that it came from") {
  CHECK(settings("limits:\n  ratio: 2\nport: ${PORT:-11112}\ntitle: ${AET}-${SITE}\nnodes:\n  - host: a\n"
                 "    tls: yes\n  - host: ${NONE:-${AET}}\naliases: {b: c}\n") ==
        "limits.body = \"1MiB\" (default)\nlimits.ratio = 2 (--set limits.ratio)\nport = 11112 (f.yaml:3)\n"
        "title = \"PACS-A\" (f.yaml:4, from AET and SITE)\npassword =  (default)\n"
        "nodes[0].host = \"a\" (f.yaml:6)\nnodes[0].tls = true (f.yaml:7)\n"
        "nodes[1].host = \"PACS\" (f.yaml:8, from AET)\nnodes[1].tls = false (default)\n"
        "aliases.b = \"c\" (f.yaml:9)\n");
}

TEST_CASE("an empty list that is written is one option") {
  CHECK_THAT(settings("nodes: []\naliases: {}\n"), Catch::Contains("nodes = [] (f.yaml:1)\naliases = {} (f.yaml:2)"));
}

TEST_CASE("secrets are listed without their value") {
  const auto list = settings("password: ${PASSWORD}\nnodes:\n  - key: hunter2\n");
  CHECK_THAT(list, Catch::Contains("password =  (f.yaml:1, from PASSWORD)") &&
                       Catch::Contains("nodes[0].key =  (f.yaml:3)") && !Catch::Contains("hunter2"));
}

TEST_CASE("the host's own options are listed too, but for those that are its plugins'") {
  Problems problems;
  const auto configuration =
      Configuration::from_text("drain_deadline: 5s\nplugins:\n  a:\n    config: {b: c}\n", "f.yaml", {}, {}, problems);
  std::string out;
  for (const auto& s : effective_settings("host", host_schema(), configuration.host()))
    out += s.option + " = " + s.value + " (" + s.origin + ")\n";
  CHECK_THAT(out, Catch::Contains("log.level = \"info\" (default)") &&
                      Catch::Contains("drain_deadline = \"5s\" (f.yaml:1)") &&
                      Catch::Contains("plugins.a.enabled = true (default)") && !Catch::Contains("config"));
}
