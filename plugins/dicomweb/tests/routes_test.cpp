#include "routes.hpp"

#include <catch2/catch.hpp>

#include "recorded_router.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

TEST_CASE("A route stands below the root, with its permission, and its function answers") {
  dicomweb::testing::RecordedRouter router;
  Routes routes(router, "/dicom-web");
  routes.add("GET", "/studies", "studies.read", [](HttpRequest& request, HttpResponse& response) {
    response.header("X-Asked", request.query());
    response.status(204);
  });

  REQUIRE(router.entries.size() == 1);
  CHECK(router.entries.begin()->first == "GET /dicom-web/studies");
  CHECK(router.entries.begin()->second.permission == "studies.read");
  fermata::testing::GivenRequest request;
  request.query_given = "limit=1";
  const auto answer = router.call("GET /dicom-web/studies", request);
  CHECK(answer.code == 204);
  CHECK(answer.headers.at("x-asked") == "limit=1");
}
