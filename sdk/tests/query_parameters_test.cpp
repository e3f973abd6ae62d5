#include "fermata/query_parameters.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"

using namespace fermata;

TEST_CASE("The parameters of a query are decoded and keep their order") {
  const QueryParameters parameters("PatientName=M%C3%BCller%5EJ*&limit=3&a+b=c+d&flag&&empty=");
  REQUIRE(std::distance(parameters.begin(), parameters.end()) == 5);
  CHECK(parameters.value("PatientName") == "M\xc3\xbcller^J*");
  CHECK(parameters.value("limit") == "3");
  CHECK(parameters.value("a b") == "c d");
  CHECK(parameters.find("flag").has_value());
  CHECK(parameters.find("empty") == "");
  CHECK_FALSE(parameters.find("Limit").has_value());
}

TEST_CASE("A value may have slashes and equals signs as they are") {
  const QueryParameters parameters("contentType=application/dicom&x=a=b");
  CHECK(parameters.value("contentType") == "application/dicom");
  CHECK(parameters.value("x") == "a=b");
}

TEST_CASE("A broken escape and text that is no UTF-8 are refused by the parameter's name") {
  for (const auto* query : {"name=%4", "name=%zz", "name=%", "name=%ff", "name=%c3"})
    CHECK_THROWS_WITH(QueryParameters(query), Catch::Contains("name"));
}

TEST_CASE("Parts of a list have no spaces around them and are not empty") {
  CHECK(comma_list(" a, b ,,c") == std::vector<std::string_view>{"a", "b", "c"});
  CHECK(comma_list("").empty());
}

TEST_CASE("A number is refused by the parameter's name where it is none, or larger than it may be") {
  const QueryParameters parameters("limit=20&empty=&word=2x&minus=-1");
  CHECK(parameters.number("limit", 5, 20) == 20);
  CHECK(parameters.number("empty", 5, 20) == 5);
  CHECK(parameters.number("offset", 5, 20) == 5);
  CHECK_THROWS_WITH(parameters.number("limit", 5, 19), "limit has to be a number up to 19");
  CHECK_THROWS_WITH(parameters.number("word", 5, 20), Catch::Contains("word"));
  CHECK_THROWS_WITH(parameters.number("minus", 5, 20), Catch::Contains("minus"));
}
