#include "configuration/nearest_name.hpp"

#include <catch2/catch.hpp>

using namespace fermata::host;

TEST_CASE("a slip of the finger finds the name that was meant") {
  const std::vector<std::string> names{"port", "host", "ae_title", "timeout"};
  CHECK(nearest_name("prot", names) == "port");
  CHECK(nearest_name("por", names) == "port");
  CHECK(nearest_name("aetitle", names) == "ae_title");
  CHECK(nearest_name("timeouts", names) == "timeout");
}

TEST_CASE("a name that is like none gets no suggestion") {
  CHECK_FALSE(nearest_name("banana", {"port", "host"}));
  CHECK_FALSE(nearest_name("", {"port"}));
  CHECK_FALSE(nearest_name("xy", {"ab"}));
  CHECK_FALSE(nearest_name(std::string(100'000, 'a'), {"port"}));
}

TEST_CASE("where nothing is similar, few names are listed and many are not") {
  CHECK(hint("banana", {"port", "host"}) == "; possible: port, host");
  CHECK(hint("banana", std::vector<std::string>(20, "port")).empty());
}
