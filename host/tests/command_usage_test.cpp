#include "command_usage.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fermata/testing/recorded_console.hpp"

using namespace fermata;
using namespace fermata::host;

namespace {

class Copier final : public Command {
 public:
  explicit Copier(std::string_view usage) : usage_(usage) {}
  std::string_view name() override { return "copy"; }
  std::string_view summary() override { return "copies things"; }
  std::string_view usage() override { return usage_; }

 private:
  std::string_view usage_;
};

constexpr std::string_view kUsage =
    "fermata copy FOLDER    copy it\n"
    "    --dry-run          say what would be done\n"
    "    --to FOLDER        [--up-to SIZE]";

struct Said {
  std::optional<int32_t> code;
  std::string written, reported;
};

Said say(const std::vector<std::string_view>& arguments, std::string_view usage = kUsage) {
  Copier command(usage);
  fermata::testing::RecordedConsole console;
  const auto code = answer_from_usage(command, arguments, console);
  CHECK(code.has_value() == needs_no_run(command, arguments));
  return {code, console.written, console.reported};
}

}  // namespace

TEST_CASE("a command that is asked for help shows its usage") {
  for (const auto* word : {"--help", "-h"}) {
    const auto said = say({"x", word});
    CHECK(said.code == 0);
    CHECK(said.written == "copies things\n\nUsage\n" + std::string(kUsage) + "\n");
    CHECK(said.reported.empty());
  }
}

TEST_CASE("an option that a usage does not name is refused, with the one that was meant") {
  for (const auto& words : {std::vector<std::string_view>{"x", "--dry-rum"}, {"--dry-rum=1"}}) {
    const auto said = say(words);
    CHECK(said.code == 64);
    CHECK_THAT(said.reported, Catch::StartsWith("fermata copy has no option \"--dry-rum") &&
                                  Catch::Contains("fermata copy --help") && Catch::Contains("\"--dry-run\"?"));
    CHECK(said.written.empty());
  }
  CHECK(say({"--up"}).code == 64);
}

TEST_CASE("what a usage names is run, and so is a command without one") {
  CHECK_FALSE(say({}).code);
  CHECK_FALSE(say({"x", "-", "--dry-run", "--to=5", "--up-to", "-5"}).code);
  CHECK_FALSE(say({"--help", "--anything"}, "").code);
}
