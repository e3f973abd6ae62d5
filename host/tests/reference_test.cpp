#include "configuration_reference.hpp"

#include <yaml-cpp/yaml.h>

#include <catch2/catch.hpp>

#include "configuration/configuration.hpp"
#include "loading/plugin_directories.hpp"

using namespace fermata::host;
using Catch::Contains;

namespace {

Libraries libraries() {
  const PluginDirectories directories({FERMATA_TEST_PLUGINS});
  return {PluginLibrary::open(*directories.find("greeter"), "greeter", std::chrono::seconds(10)),
          PluginLibrary::open(*directories.find("troublemaker"), "troublemaker", std::chrono::seconds(10))};
}

}  // namespace

TEST_CASE("the JSON Schema holds the options of the host and of every plugin") {
  const auto schema = YAML::Load(json_schema(host_schema(), libraries()));  // JSON is YAML
  CHECK(schema["$schema"].Scalar() == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["additionalProperties"].Scalar() == "false");
  CHECK(schema["properties"]["log"]["properties"]["level"]["default"].Scalar() == "info");
  const auto plugins = schema["properties"]["plugins"];
  const auto port = plugins["properties"]["greeter"]["properties"]["config"]["properties"]["port"];
  CHECK(port["anyOf"][0]["type"].Scalar() == "integer");
  CHECK(port["anyOf"][0]["maximum"].Scalar() == "65535");
  CHECK(port["anyOf"][1]["pattern"].Scalar() == R"(\$\{)");
  CHECK(port["default"].Scalar() == "104");
  const auto trouble = plugins["properties"]["troublemaker"]["properties"]["config"];
  CHECK(trouble["required"][0].Scalar() == "where");
  CHECK(plugins["additionalProperties"]["properties"]["enabled"]["default"].Scalar() == "true");
}

TEST_CASE("the reference has a row for each option") {
  const auto text = markdown_reference(host_schema(), libraries());
  CHECK_THAT(text, Contains("| `log.format` | `text`, `json` | `\"text\"` |"));
  CHECK_THAT(text, Contains("## The plugin `greeter`"));
  CHECK_THAT(text, Contains("| `port` | integer, 1 to 65535 | `104` | A port that nobody listens on. |"));
  CHECK_THAT(text, Contains("| `where` |") && Contains("| required | The step that fails. |"));
}

TEST_CASE("JSON Schema and reference tell which options are secret") {
  Problems problems;
  const auto schema = parse_schema(
      "type: object\ndescription: x\nproperties:\n  key: {type: string, secret: true, description: A key.}\n", "schema",
      problems);
  REQUIRE(schema);
  CHECK(YAML::Load(json_schema(*schema, {}))["properties"]["key"]["writeOnly"].as<bool>());
  CHECK_THAT(markdown_reference(*schema, {}), Contains("| `key` | string, secret |  | A key. |"));
}
