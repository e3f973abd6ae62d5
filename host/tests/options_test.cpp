#include "options.hpp"

#include <catch2/catch.hpp>

using namespace fermata::host;
using Catch::Contains;

namespace {

Options parse(const std::vector<std::string>& words) {
  return Options::parse(words, [](const std::string& name) -> std::optional<std::string> {
    if (name == "FERMATA_CONFIG") return "from-environment.yaml";
    return {};
  });
}

}  // namespace

TEST_CASE("options may stand before and after the verb") {
  const auto options = parse({"--config", "a.yaml", "serve", "--set", "x.y=1=2", "--plugin-dir=/p", "--set", "z="});
  CHECK(options.verb == "serve");
  CHECK(options.config == "a.yaml");
  REQUIRE(options.overrides.size() == 2);
  CHECK(options.overrides[0].path == "x.y");
  CHECK(options.overrides[0].value == "1=2");
  CHECK(options.overrides[1].value.empty());
  CHECK(options.plugin_dirs == std::vector<std::filesystem::path>{"/p"});
}

TEST_CASE("the configuration is named by the environment if not by the command line") {
  CHECK(parse({"serve"}).config == "from-environment.yaml");
  CHECK(parse({"serve", "-c", "b.yaml"}).config == "b.yaml");
}

TEST_CASE("a plugin's verb gets its words as they were written") {
  const auto options = parse({"reindex", "study", "--config", "a.yaml", "--fast", "--level=2", "1.2.3", "--help"});
  CHECK(options.verb == "reindex");
  CHECK(options.config == "a.yaml");
  CHECK_FALSE(options.help);
  CHECK(options.arguments == std::vector<std::string>{"study", "--fast", "--level=2", "1.2.3", "--help"});
}

TEST_CASE("what a verb of the program does not know is refused with a hint") {
  CHECK_THROWS_WITH(parse({"serve", "--confg", "x"}), Contains("--confg") && Contains("did you mean \"--config\"?"));
  CHECK_THROWS_WITH(parse({"serve", "twice"}), Contains("one argument too many"));
  CHECK_THROWS_WITH(parse({"serve", "--set", "x"}), Contains("has no value"));
  CHECK_THROWS_WITH(parse({"serve", "--config"}), Contains("--config"));
}
