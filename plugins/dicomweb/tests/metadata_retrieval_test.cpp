#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb::testing;

namespace {

boost::json::array json(const KeptResponse& answer) { return boost::json::parse(answer.body).as_array(); }

std::string first_value(const boost::json::value& instance, const char* tag) {
  return std::string(instance.at(tag).at("Value").at(0).as_string());
}

}  // namespace

TEST_CASE("Metadata of a study has all its instances, in the order of their numbers") {
  Scene scene;
  for (int i : {10, 2, 1}) {
    Image image;
    image.instance = "1.2.3.4." + std::to_string(i);
    image.number = std::to_string(i);
    scene.store(image);
  }
  const auto answer = scene.study("/metadata");
  CHECK(answer.headers.at("content-type") == "application/dicom+json");
  const auto instances = json(answer);
  REQUIRE(instances.size() == 3);
  CHECK(first_value(instances[0], "00080018") == "1.2.3.4.1");
  CHECK(first_value(instances[2], "00080018") == "1.2.3.4.10");
  CHECK(instances[0].at("00100010").at("Value").at(0).at("Alphabetic").as_string() == "Doe^Jane");
}

TEST_CASE("Pixel data is a reference that can be followed") {
  Scene scene;
  scene.store(Image{});
  const auto instances = json(scene.instance("/metadata"));
  const std::string uri(instances.at(0).at("7FE00010").at("BulkDataURI").as_string());
  const std::string host = "http://archive.example";
  REQUIRE(uri.starts_with(host));
  CHECK(scene.get(uri.substr(host.size()), "application/octet-stream").body == "PIXELS");
}

TEST_CASE("Metadata needs no object, only the index") {
  Scene scene;
  scene.store(Image{});
  for (const auto& key : scene.stores.keys()) scene.stores.blobs.remove(key);
  CHECK(json(scene.study("/metadata")).size() == 1);
}

TEST_CASE("Metadata of one instance has a tag by which it is known again") {
  Scene scene;
  scene.store(Image{});
  const auto first = scene.instance("/metadata");
  const std::string url = "/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/metadata";
  CHECK(scene.get(url, "", {{"if-none-match", first.headers.at("etag")}}).code == 304);
  CHECK_FALSE(scene.study("/metadata").headers.contains("etag"));
}

TEST_CASE("Metadata comes as XML, one part for each instance, where that is accepted") {
  Scene scene;
  scene.store(Image{});
  const auto answer = scene.study("/series/1.2.3.4/metadata", R"(multipart/related; type="application/dicom+xml")");
  const auto parts = parts_of(answer);
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].content_type == "application/dicom+xml");
  CHECK(parts[0].body.find("<NativeDicomModel") != std::string::npos);
  CHECK(parts[0].body.find("/instances/1.2.3.4.5/bulkdata/7FE00010") != std::string::npos);
}

TEST_CASE("Metadata that can't be given as accepted is 406, that of nothing 404") {
  Scene scene;
  scene.store(Image{});
  CHECK(scene.study("/metadata", "text/html").code == 406);
  CHECK(scene.study("/metadata", "application/json").headers.at("content-type") == "application/json");
  CHECK(scene.get("/dicom-web/studies/9/metadata").code == 404);
}

TEST_CASE("A client that goes away ends the walk through the index") {
  Scene scene;
  for (int i = 0; i < 50; ++i) {
    Image image;
    image.instance = "1.2.3.4." + std::to_string(i);
    image.patient_name = std::string(10'000, 'x');
    scene.store(image);
  }
  testing::GivenRequest request;
  request.parameters["study"] = "1.2.3";
  KeptResponse response;
  response.give_up_after = 100'000;
  CHECK_THROWS_AS(scene.router.entries.at("GET /dicom-web/studies/{study}/metadata").handler->handle(request, response),
                  Error);
  CHECK(response.body.size() < 200'000);
}
