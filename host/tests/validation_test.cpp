#include "configuration/validation.hpp"

#include <catch2/catch.hpp>

using namespace fermata::host;
using Catch::Contains;

namespace {

constexpr const char* kSchema = R"(
type: object
description: x
required: [title]
properties:
  title: {type: string, minLength: 1, pattern: "^[A-Z0-9 ]*$", description: The AE title.}
  port: {type: integer, minimum: 1, maximum: 65535, default: 104, description: x}
  ratio: {type: number, default: 0.5, description: x}
  tls: {type: boolean, default: false, description: x}
  note: {type: string, default: none, description: x}
  wait: {type: string, format: duration, default: 30s, description: x}
  keep: {type: string, format: size, default: 1GiB, description: x}
  host: {type: string, format: host, default: localhost, description: x}
  mode: {type: string, enum: [ordered, strict], default: ordered, description: x}
  nodes:
    type: array
    description: x
    items:
      type: object
      description: x
      required: [name]
      properties:
        name: {type: string, description: x}
        port: {type: integer, default: 104, description: x}
  aliases:
    type: object
    description: x
    additionalProperties: {type: string, description: x}
)";

struct Outcome {
  std::string value;
  std::string problems;
};

Outcome validate(const std::string& yaml) {
  Problems problems;
  const auto schema = parse_schema(kSchema, "schema", problems);
  REQUIRE(problems.text() == "");
  const YamlSource source("f.yaml", [](const std::string& name) -> std::optional<std::string> {
    if (name == "PORT") return "11112";
    if (name == "EMPTY") return "";
    if (name == "WORD") return "word";
    return {};
  });
  const auto node = parse_yaml(yaml, "f.yaml", problems);
  const auto value = Validation(source, problems).read(*schema, node, "");
  return {value ? value->json() : "", problems.text()};
}

}  // namespace

TEST_CASE("defaults are filled in") {
  const auto [value, problems] = validate("title: A\n");
  CHECK(problems == "");
  CHECK(value == R"({"title": "A", "port": 104, "ratio": 0.5, "tls": false, "note": "none", "wait": "30s", )"
                 R"("keep": "1GiB", "host": "localhost", "mode": "ordered", "nodes": [], "aliases": {}})");
}

TEST_CASE("values of all kinds are read") {
  const auto [value, problems] = validate(
      "title: \"104\"\nport: 0x68\nratio: 2\ntls: yes\nkeep: 4096\nwait: 5min\nnodes:\n  - name: a\n"
      "aliases: {x: y}\n");
  CHECK(problems == "");
  CHECK_THAT(value, Contains(R"("title": "104")") && Contains(R"("port": 104)") && Contains(R"("ratio": 2)") &&
                        Contains(R"("tls": true)") && Contains(R"("keep": "4096")") &&
                        Contains(R"("nodes": [{"name": "a", "port": 104}])") && Contains(R"("aliases": {"x": "y"})"));
}

TEST_CASE("all problems are reported, each with its place") {
  const auto problems = validate("titel: A\nport: many\nnodes:\n  - nam: a\n  - 7\nmode: strickt\n").problems;
  CHECK(problems ==
        "f.yaml:1:1: unknown option \"titel\"; did you mean \"title\"?\n"
        "f.yaml:1:1: the option title is missing: The AE title.\n"
        "f.yaml:2:7: port: expected an integer from 1 to 65535, found the text \"many\"\n"
        "f.yaml:4:5: unknown option \"nam\" in nodes[0]; did you mean \"name\"?\n"
        "f.yaml:4:5: the option nodes[0].name is missing: x\n"
        "f.yaml:5:5: nodes[1]: expected a mapping, found the integer 7\n"
        "f.yaml:6:7: mode: expected one of \"ordered\", \"strict\", found \"strickt\"; did you mean \"strict\"?\n");
}

TEST_CASE("a value of another type is named with what was expected") {
  const auto problem = [](const std::string& line) { return validate("title: A\n" + line + "\n").problems; };
  CHECK_THAT(problem("port: 0"), Contains("found the integer 0"));
  CHECK_THAT(problem("port: \"104\""), Contains("found the text \"104\"; remove the quotes"));
  CHECK_THAT(problem("port:"), Contains("f.yaml:2:") && Contains("found nothing"));
  CHECK_THAT(problem("port: [1]"), Contains("found a list"));
  CHECK_THAT(problem("port: 99999999999999999999"), Contains("expected an integer"));
  CHECK_THAT(problem("tls: maybe"), Contains("expected a boolean, found the text \"maybe\""));
  CHECK_THAT(problem("ratio: nan"), Contains("expected a number"));
  CHECK_THAT(problem("wait: 30"), Contains("expected a duration such as") && Contains("found the integer 30"));
  CHECK_THAT(problem("keep: 5GB"), Contains("expected a size such as"));
  CHECK_THAT(problem("host: a/b"), Contains("expected a host name"));
  CHECK_THAT(problem("note: 12"), Contains("put it in quotes"));
  CHECK_THAT(problem("note: {a: b}"), Contains("found a mapping"));
  CHECK_THAT(problem("nodes: a"), Contains("expected a list"));
  CHECK_THAT(problem("aliases: [a]"), Contains("expected a mapping, found a list"));
  CHECK_THAT(validate("title: \"\"").problems, Contains("fewer than 1 characters"));
  CHECK_THAT(validate("title: low").problems, Contains("does not match"));
  CHECK_THAT(problem("title: B"), Contains("f.yaml:2:1: the option title is given twice"));
}

TEST_CASE("a value from the environment is what the schema wants") {
  const auto [value, problems] = validate(
      "title: ${PORT}\nport: ${PORT}\nnote: ${EMPTY}\nwait: ${WAIT:-2h}\nkeep: '${KEEP:-64KiB}'\ntls: "
      "\"${TLS:-true}\"\n");
  CHECK(problems == "");
  CHECK_THAT(value,
             Contains(R"("title": "11112", "port": 11112, "note": "", "wait": "2h", "keep": "64KiB", "tls": true)"));
}

TEST_CASE("an empty variable leaves the default where no text is wanted") {
  const auto [value, problems] = validate("title: A\nport: ${EMPTY}\nwait: ${EMPTY:-}\n");
  CHECK(problems == "");
  CHECK_THAT(value, Contains(R"("port": 104)") && Contains(R"("wait": "30s")"));
}

TEST_CASE("what is wrong with a variable is told at its place") {
  CHECK_THAT(validate("title: A\nport: ${NONE}\n").problems,
             Contains("f.yaml:2:7: port: the environment variable NONE"));
  CHECK_THAT(validate("title: A\nport: ${WORD}\n").problems, Contains("f.yaml:2:7: port: expected an integer"));
}

TEST_CASE("no message shows what stands where a secret belongs, and each still says what is wrong") {
  constexpr const char* kSecrets = R"(
type: object
description: x
properties:
  word: {type: string, minLength: 12, pattern: "^[a-z]", secret: true, description: x}
  pin: {type: integer, minimum: 1, maximum: 9, secret: true, description: x}
  kind: {type: string, enum: [hunter1, hunter3], secret: true, description: x}
  keys: {type: array, description: x, items: {type: string, secret: true, description: x}}
  mail:
    type: object
    description: x
    properties:
      password: {type: string, secret: true, description: x}
)";
  const auto problems_of = [&](const std::string& yaml) {
    Problems problems;
    const auto schema = parse_schema(kSecrets, "schema", problems);
    REQUIRE(problems.text() == "");
    const YamlSource source("f.yaml", [](const std::string& name) -> std::optional<std::string> {
      if (name == "SECRET") return "hunter2";
      return {};
    });
    Validation(source, problems).read(*schema, parse_yaml(yaml, "f.yaml", problems), "");
    CHECK_THAT(problems.text(), !Contains("hunter2") && !Contains("4711"));
    return problems.text();
  };
  CHECK_THAT(problems_of("word: hunter2\n"),
             Contains("f.yaml:1:7: word: expected text, found a value that is kept secret with fewer than 12"));
  CHECK_THAT(problems_of("word: ${SECRET}\n"), Contains("fewer than 12"));
  CHECK_THAT(problems_of("word: HUNTER-hunter2\n"), Contains("which does not match ^[a-z]"));
  CHECK_THAT(problems_of("word: 4711\n"), Contains("put it in quotes"));
  CHECK_THAT(problems_of("word: \"${hunter2 x}\"\n"), Contains("f.yaml:1:7: word: a variable in it is not set"));
  CHECK_THAT(problems_of("word: \"${hunter2}\"\n"), Contains("a variable in it is not set"));
  CHECK_THAT(problems_of("pin: 4711\n"), Contains("expected an integer from 1 to 9"));
  CHECK_THAT(problems_of("pin: \"4711\"\n"), Contains("remove the quotes"));
  CHECK_THAT(problems_of("pin: ${SECRET}\n"), Contains("expected an integer from 1 to 9"));
  CHECK_THAT(problems_of("kind: hunter2\n"), Contains("expected one of"));
  CHECK_THAT(problems_of("keys: hunter2\n"), Contains("expected a list") && Contains("begin each item"));
  CHECK_THAT(problems_of("mail: hunter2\n"), Contains("expected a mapping"));
  CHECK_THAT(problems_of("hunter2\n"), Contains("expected a mapping"));
  CHECK_THAT(problems_of("mail:\n  pasword: hunter2\n"), Contains("did you mean \"password\"?"));
}
