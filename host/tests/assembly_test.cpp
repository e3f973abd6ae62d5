#include "loading/assembly.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"

using namespace fermata::host;
using Catch::Contains;

namespace {

std::shared_ptr<const PluginLibrary> open(const std::string& id) {
  return PluginLoader(PluginDirectories({FERMATA_TEST_PLUGINS}), std::chrono::seconds(10)).open(id);
}

std::string problems_of(const std::string& yaml) {
  Problems problems;
  const auto configuration = Configuration::from_text(yaml, "f.yaml", {}, process_environment(), problems);
  PluginLoader loader(PluginDirectories({FERMATA_TEST_PLUGINS}), std::chrono::seconds(10));
  assemble(configuration, loader, problems);
  return problems.text();
}

}  // namespace

TEST_CASE("a library tells what it is before any of its code runs") {
  const auto library = open("greeter");
  CHECK(library->version() == "1.2.3");
  CHECK(library->provides() == std::vector<std::string>{"test.greeter/1", "fermata.command/1"});
  CHECK(open("choir")->needs().front().how_many == FERMATA_NEEDS_MANY);
  CHECK(open("plain-c")->toolchain() == "C");
}

TEST_CASE("libraries that can't be used are refused with a sentence") {
  CHECK_THROWS_WITH(open("other-interface"),
                    Contains("\"other-interface\" is made for plugin interface 2, this program has interface 1"));
  CHECK_THROWS_WITH(open("cut-short"), Contains("has an incomplete entry"));
  CHECK_THROWS_WITH(open("wrong-name"), Contains("\"wrong-name\" calls itself \"another-name\""));
  CHECK_THROWS_WITH(open("no-entry"), Contains("is no plugin of Fermata"));
  CHECK_THROWS_WITH(open("undescribed"), Contains("the plugin \"undescribed\"") && Contains("schema.yaml:5:5") &&
                                             Contains("port has no \"description\""));
}

TEST_CASE("a plugin of which there is no library is told with the folders and a hint") {
  CHECK_THAT(problems_of("plugins:\n  greter:\n"),
             Contains("f.yaml:2:3: there is no plugin \"greter\" in ") && Contains("did you mean \"greeter\"?"));
}

TEST_CASE("mistakes of the host's part, of options and of connections are reported together") {
  CHECK_THAT(
      problems_of("lag: {}\nplugins:\n  greeter:\n    config:\n      prot: 5\n  greeter-2:\n    plugin: greeter\n"
                  "  listener:\n"),
      Contains("f.yaml:1:1: unknown option \"lag\"") &&
          Contains("f.yaml:5:7: unknown option \"prot\" in plugins.greeter.config; did you mean \"port\"?") &&
          Contains("f.yaml:8:3: the plugin \"listener\" needs test.greeter/1, which greeter and greeter-2 provide"));
}

TEST_CASE("a plugin that is not enabled is not even looked for") {
  CHECK(problems_of("plugins: {greeter: {}, nowhere: {enabled: false}}") == "");
}
