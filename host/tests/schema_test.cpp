#include "configuration/schema.hpp"

#include <catch2/catch.hpp>

using namespace fermata::host;
using Catch::Contains;

namespace {

std::string problems_of(const std::string& yaml) {
  Problems problems;
  const auto schema = parse_schema(yaml, "x/schema.yaml", problems);
  CHECK((schema == nullptr) == !problems.empty());
  return problems.text();
}

}  // namespace

TEST_CASE("a complete schema has no problems") {
  CHECK(problems_of(R"(
type: object
description: All of it.
required: [root]
properties:
  root: {type: string, format: path, description: A path.}
  wait: {type: string, format: duration, default: 30s, description: A time.}
  keep: {type: string, format: size, default: 4096, description: An amount.}
  mode: {type: string, enum: [a, b], default: a, description: A choice.}
  list:
    type: array
    minItems: 1
    description: A list.
    items: {type: integer, minimum: 1, maximum: 5, description: A number.}
  map:
    type: object
    description: A map.
    additionalProperties: {type: number, description: A number.}
)") == "");
}

TEST_CASE("every part of a schema needs a description") {
  const auto text = problems_of(
      "type: object\ndescription: x\nproperties:\n  port:\n    type: array\n    description: x\n    items:\n"
      "      type: integer\n");
  CHECK_THAT(text, Contains("x/schema.yaml:8:7: the schema of port[] has no \"description\""));
  CHECK_THAT(problems_of("type: object\n"), Contains("the schema has no \"description\""));
}

TEST_CASE("unknown words and types of a schema are problems with hints") {
  CHECK_THAT(problems_of("type: object\ndescription: x\nproperites: {}\n"),
             Contains("3:1: the schema has the unknown word \"properites\"; did you mean \"properties\"?"));
  CHECK_THAT(problems_of("type: object\ndescription: x\nproperties: {a: {type: int, description: x}}\n"),
             Contains("the type \"int\""));
  CHECK_THAT(problems_of("type: object\ndescription: x\nproperties: {a: {type: any, description: x}}\n"),
             Contains("the type \"any\""));
  CHECK_THAT(problems_of("type: object\ndescription: x\nproperties: {a: {type: string, format: ip, description: x}}\n"),
             Contains("the format \"ip\""));
}

TEST_CASE("single values can be secret, lists and mappings can't") {
  const auto with = [](const std::string& member) {
    return problems_of("type: object\ndescription: x\nproperties:\n  a: {description: x, " + member + "}\n");
  };
  CHECK(with("type: string, secret: true") == "");
  CHECK(with("type: array, items: {type: string, secret: true, description: x}") == "");
  CHECK_THAT(with("type: string, secret: maybe"), Contains("4:45: the schema of a has a \"secret\" that is not true"));
  CHECK_THAT(with("type: array, secret: true, items: {type: string, description: x}"),
             Contains("the schema of a is secret as a whole; say so of the values in it"));
}

TEST_CASE("a default has to fit its own schema") {
  CHECK_THAT(problems_of("type: object\ndescription: x\nproperties:\n"
                         "  a: {type: integer, maximum: 5, default: 9, description: x}\n"),
             Contains("expected an integer of at most 5, found the integer 9"));
  CHECK_THAT(problems_of("type: object\ndescription: x\nproperties:\n"
                         "  a: {type: string, enum: [b, c], default: d, description: x}\n"),
             Contains("expected one of \"b\", \"c\", found \"d\""));
}

TEST_CASE("an open end in a schema is a problem") {
  CHECK_THAT(problems_of("type: object\ndescription: x\nadditionalProperties: true\n"),
             Contains("without saying what they look like"));
  CHECK_THAT(problems_of("type: object\ndescription: x\nproperties: {a: {type: array, description: x}}\n"),
             Contains("without \"items\""));
  CHECK_THAT(problems_of("type: object\ndescription: x\nrequired: [a]\n"), Contains("requires \"a\""));
  CHECK_THAT(problems_of("type: string\ndescription: x\n"), Contains("type: object"));
  CHECK_THAT(problems_of("type: [\n"), Contains("is not valid YAML"));
}

TEST_CASE("with the default null an absent list stays absent, and an empty one is empty") {
  Problems problems;
  const auto schema = parse_schema(R"(
type: object
description: x
properties:
  filled: {type: array, description: x, items: {type: string, description: x}}
  kept: {type: array, default: null, description: x, items: {type: string, description: x}}
)",
                                   "schema.yaml", problems);
  REQUIRE(schema);
  CHECK(problems.size() == 0);
  CHECK(schema->absent_value()->find("filled") != nullptr);
  CHECK(schema->absent_value()->find("kept") == nullptr);
}

TEST_CASE("an absent object is made of its members' defaults, unless one is required") {
  Problems problems;
  const auto schema = parse_schema(R"(
type: object
description: x
properties:
  whole:
    type: object
    description: x
    properties: {a: {type: integer, default: 1, description: x}, b: {type: string, description: x}}
  open:
    type: object
    description: x
    required: [b]
    properties: {a: {type: integer, default: 1, description: x}, b: {type: string, description: x}}
)",
                                   "x", problems);
  REQUIRE(problems.text() == "");
  CHECK(schema->absent_value()->json() == R"({"whole": {"a": 1}})");
}
