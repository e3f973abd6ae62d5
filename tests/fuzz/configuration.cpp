// The configuration file, against the host's schema and that of a plugin.
#include "configuration/configuration.hpp"

#include "input.hpp"

using namespace fermata::host;

namespace {

constexpr const char* kSchema = R"(
type: object
description: Has an option of each kind.
properties:
  name: {type: string, description: A name, pattern: "^[A-Z]{1,16}$", default: A}
  port: {type: integer, description: A port, minimum: 0, maximum: 65535, default: 104}
  ratio: {type: number, description: A ratio, default: 0.5}
  wait: {type: string, format: duration, description: A time, default: 10s}
  room: {type: string, format: size, description: A size, default: 1GiB}
  mode: {type: string, enum: [one, two], description: A choice, default: one}
  key: {type: string, secret: true, description: A secret, default: ""}
  list:
    type: array
    description: A list
    default: []
    items:
      type: object
      description: One of them
      properties: {deep: {type: boolean, description: Whether it is, default: false}}
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const auto schema = [] {
    Problems problems;
    auto parsed = parse_schema(kSchema, "schema", problems);
    if (!parsed) std::fputs(problems.text().c_str(), stderr);
    return parsed;
  }();
  fermata::fuzz::require(schema != nullptr, "the harness's own schema is right");
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    if (name == "SET") return "value";
    return {};
  };
  Problems problems;
  const auto configuration = Configuration::from_text(std::string(reinterpret_cast<const char*>(data), size),
                                                      "fuzz.yaml", {}, environment, problems);
  for (const auto& plugin : configuration.plugins()) configuration.plugin_config(plugin, *schema, problems);
  static_cast<void>(problems.text());
  return 0;
}
