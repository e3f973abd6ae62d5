#include "routes.hpp"

#include <catch2/catch.hpp>

#include "problem.hpp"
#include "recorded_router.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

namespace {

void write(HttpResponse& response, std::string_view text) { response.write(std::as_bytes(std::span(text))); }

}  // namespace

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
  const auto answer = router.call("GET", "/dicom-web/studies?limit=1");
  CHECK(answer.code == 204);
  CHECK(answer.headers.at("x-asked") == "limit=1");
}

TEST_CASE("A problem becomes an answer with its status and its reason") {
  dicomweb::testing::RecordedRouter router;
  Routes routes(router, "");
  routes.add("GET", "/x", "", [](HttpRequest&, HttpResponse&) { refuse_as_not_acceptable("image/\"png\""); });

  const auto answer = router.call("GET", "/x");
  CHECK(answer.code == 406);
  CHECK(answer.headers.at("content-type") == "application/problem+json");
  CHECK(answer.body.find(R"("status":406)") != std::string::npos);
  CHECK(answer.body.find(R"(image/\"png\")") != std::string::npos);
}

TEST_CASE("A problem after the first byte is no answer any more: it cuts the connection") {
  dicomweb::testing::RecordedRouter router;
  Routes routes(router, "");
  routes.add("GET", "/x", "", [](HttpRequest&, HttpResponse& response) {
    write(response, "half");
    throw Problem(406, "too late");
  });
  try {
    router.call("GET", "/x");
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == Code::internal);
    CHECK(std::string(error.what()) == "too late");
  }
}
