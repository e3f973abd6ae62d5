#include "greeting_page.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/http_exchange.hpp"

using namespace fermata;
using your_plugin::GreetingPage;

TEST_CASE("who asks is greeted") {
  testing::GivenRequest request;
  request.parameters["person"] = "\"Jane\"";
  testing::KeptResponse response;
  GreetingPage("Hello").handle(request, response);
  CHECK(response.code == 200);
  CHECK(response.headers["content-type"] == "application/json");
  CHECK(response.body == R"({"greeting":"Hello \"Jane\""})");
}

TEST_CASE("a name that is too long is refused") {
  testing::GivenRequest request;
  request.parameters["person"] = std::string(65, 'x');
  testing::KeptResponse response;
  CHECK_THROWS_AS(GreetingPage("Hello").handle(request, response), Error);
}
