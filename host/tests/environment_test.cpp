#include "configuration/environment.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"

using namespace fermata::host;

namespace {

std::optional<std::string> lookup(const std::string& name) {
  if (name == "AET") return "FERMATA";
  if (name == "EMPTY") return "";
  return {};
}

std::string expand(const std::string& text) { return expand_variables(text, lookup).text; }

}  // namespace

TEST_CASE("a variable is replaced wherever it stands") {
  CHECK(expand("${AET}") == "FERMATA");
  CHECK(expand("a${AET}b${AET}c") == "aFERMATAbFERMATAc");
}

TEST_CASE("a default is taken when the variable is unset or empty") {
  CHECK(expand("${NONE:-104}") == "104");
  CHECK(expand("${EMPTY:-104}") == "104");
  CHECK(expand("${AET:-104}") == "FERMATA");
  CHECK(expand("${NONE:-}").empty());
}

TEST_CASE("a default may hold a variable") { CHECK(expand("${NONE:-x${NONE:-${AET}}y}") == "xFERMATAy"); }

TEST_CASE("an empty variable without a default is empty") { CHECK(expand("${EMPTY}").empty()); }

TEST_CASE("dollars that start no variable stay, and two of them are one") {
  CHECK(expand("pa$word$") == "pa$word$");
  CHECK(expand("$${AET}") == "${AET}");
  CHECK_FALSE(expand_variables("$$", lookup).from_environment);
  CHECK(expand_variables("${AET}", lookup).from_environment);
}

TEST_CASE("the variables whose values were taken are known") {
  const auto variables = [](const char* text) { return expand_variables(text, lookup).variables; };
  CHECK(variables("${AET}-${EMPTY}") == std::vector<std::string>{"AET", "EMPTY"});
  CHECK(variables("${NONE:-x${AET}}") == std::vector<std::string>{"AET"});
  CHECK(variables("${EMPTY:-104} $${AET}").empty());
}

TEST_CASE("an unset variable without a default is an error that names it") {
  CHECK_THROWS_WITH(expand("${NONE}"), Catch::Contains("NONE is not set") && Catch::Contains("${NONE:-default}"));
}

TEST_CASE("malformed variables are errors") {
  CHECK_THROWS_AS(expand("${AET"), fermata::Error);
  CHECK_THROWS_AS(expand("${}"), fermata::Error);
  CHECK_THROWS_AS(expand("${A-b}"), fermata::Error);
  CHECK_THROWS_AS(expand("${1A}"), fermata::Error);
}
