#include "fermata/plain_text.hpp"

#include <catch2/catch.hpp>

using fermata::plain_text;

TEST_CASE("text of somebody else is kept as UTF-8, without control characters and what XML does not have") {
  CHECK(plain_text("Grüße", 100) == "Grüße");
  CHECK(plain_text("a\r\nb\xff\x7f", 100) == "a  b? ");
  CHECK(plain_text("\xef\xbf\xbf", 100) == "?");
  CHECK(plain_text(std::string_view("a\0b", 3), 100) == "a b");
}

TEST_CASE("text of somebody else is cut between two characters") {
  CHECK(plain_text("aü", 2) == "a");
  CHECK(plain_text("aü", 3) == "aü");
  CHECK(plain_text("a", 0).empty());
}
