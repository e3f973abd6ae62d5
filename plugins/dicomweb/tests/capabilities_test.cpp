#include "capabilities.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "recorded_router.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

namespace {

struct CapabilitiesScene {
  CapabilitiesScene() {
    const auto nothing = [](HttpRequest&, HttpResponse&) {};
    routes.add("GET", "/studies/{study}", "studies.read", nothing, {{}, {"application/dicom+json"}});
    routes.add("POST", "/studies", "studies.store", nothing, {{"multipart/related; type=\"a/b\""}, {}});
    routes.add("GET", "/studies", "studies.read", nothing);
    capabilities.add_to(routes);
  }
  fermata::testing::KeptResponse get(const std::string& path, const std::string& accept) const {
    fermata::testing::GivenRequest request;
    request.headers["accept"] = accept;
    return router.call("GET", path, std::move(request));
  }

  dicomweb::testing::RecordedRouter router;
  Routes routes{router, "/dicom-web"};
  const Capabilities capabilities{routes};
};

}  // namespace

TEST_CASE("capabilities in JSON are the routes that were added") {
  const CapabilitiesScene scene;
  const auto response = scene.get("/dicom-web/", "application/json");
  CHECK(response.headers.at("content-type") == "application/json");
  const auto parsed = boost::json::parse(response.body);
  CHECK(parsed.at("base").as_string() == "http://archive.example/dicom-web");
  const auto& resources = parsed.at("resources").as_array();
  REQUIRE(resources.size() == 4);
  CHECK(resources[2].at("path").as_string() == "/studies");
  const auto& methods = resources[2].at("methods").as_array();
  REQUIRE(methods.size() == 2);
  CHECK(methods[0].at("name").as_string() == "POST");
  CHECK(methods[0].at("request").at(0).as_string() == "multipart/related; type=\"a/b\"");
  CHECK(methods[1].at("name").as_string() == "GET");
}

TEST_CASE("capabilities in WADL are the routes that were added") {
  const CapabilitiesScene scene;
  const auto response = scene.get("/dicom-web", "application/vnd.sun.wadl+xml");
  CHECK(response.headers.at("content-type") == "application/vnd.sun.wadl+xml");
  CHECK_THAT(response.body, Catch::Contains("<resources base=\"http://archive.example/dicom-web\">"));
  CHECK_THAT(response.body,
             Catch::Contains("<resource path=\"/studies/{study}\"><param name=\"study\" style=\"template\" "
                             "type=\"xsd:string\" required=\"true\"/><method name=\"GET\"><response>"
                             "<representation mediaType=\"application/dicom+json\"/></response></method></resource>"));
  CHECK_THAT(response.body, Catch::Contains("mediaType=\"multipart/related; type=&quot;a/b&quot;\""));
}

TEST_CASE("capabilities come as the client accepts them") {
  const CapabilitiesScene scene;
  const auto type = [&](const std::string& accept) {
    return scene.get("/dicom-web/", accept).headers.at("content-type");
  };
  CHECK(type("") == "application/vnd.sun.wadl+xml");
  CHECK(type("*/*") == "application/vnd.sun.wadl+xml");
  CHECK(type("text/html,application/xml;q=0.9") == "application/xml");
  CHECK(scene.get("/dicom-web/", "image/png").code == 406);
}
