#include "ae_title.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"

namespace fermata::application_entities {

TEST_CASE("spaces around an AE title don't count, and case does") {
  CHECK(checked_ae_title("  Johns-MacBook-Pr ") == "Johns-MacBook-Pr");
  CHECK(checked_ae_title("CT 1") == "CT 1");
  CHECK(checked_ae_title("ct") != checked_ae_title("CT"));
}

TEST_CASE("an AE title has 1 to 16 characters") {
  CHECK(checked_ae_title("1234567890123456").size() == 16);
  CHECK_THROWS_AS(checked_ae_title("12345678901234567"), Error);
  CHECK_THROWS_AS(checked_ae_title(""), Error);
  CHECK_THROWS_AS(checked_ae_title("    "), Error);
}

TEST_CASE("backslashes, control characters and anything beyond ASCII are refused in AE titles") {
  CHECK_THROWS_AS(checked_ae_title("A\\B"), Error);
  CHECK_THROWS_AS(checked_ae_title("A\nB"), Error);
  CHECK_THROWS_AS(checked_ae_title(std::string_view("A\0B", 3)), Error);
  CHECK_THROWS_AS(checked_ae_title("RÖNTGEN"), Error);
  CHECK_THROWS_WITH(checked_ae_title("A\x1b[31m"), Catch::Contains("A?[31m"));
}

TEST_CASE("what strangers send becomes printable and short") {
  CHECK(printable("a\r\nb\x1b\x7f\xff", 100) == "a??b???");
  CHECK(printable("abcdef", 3) == "abc");
  CHECK(printable("", 3).empty());
}

}  // namespace fermata::application_entities
