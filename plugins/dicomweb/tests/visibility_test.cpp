// What somebody gets over DICOMweb who sees only some studies.
#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"
#include "scene.hpp"
#include "write_services.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;

namespace {

/// Two studies; the sender sees 1.2.3 and not 1.2.9.
void fill(Scene& scene) {
  scene.store(Image{});
  Image hidden;
  hidden.study = "1.2.9";
  hidden.series = "1.2.9.1";
  hidden.instance = "1.2.9.1.1";
  scene.store(hidden);
}

KeptResponse get(const Scene& scene, const std::string& url, const std::string& accept = "*/*") {
  fermata::testing::GivenRequest request;
  request.visible_studies = {"1.2.3"};
  request.headers["accept"] = accept;
  return scene.router.call("GET", url, std::move(request));
}

}  // namespace

TEST_CASE("A search at any level finds visible studies only") {
  Scene scene;
  fill(scene);
  for (const auto* path : {"/studies", "/series", "/instances", "/instances?includefield=all"}) {
    INFO(path);
    const auto answer = get(scene, std::string("/dicom-web") + path);
    CHECK(answer.code == 200);
    CHECK(answer.body.find("1.2.3") != std::string::npos);
    CHECK(answer.body.find("1.2.9") == std::string::npos);
  }
  CHECK(get(scene, "/dicom-web/studies/1.2.9/series").body == "[]");
  CHECK(get(scene, "/dicom-web/studies?limit=1&offset=1").body == "[]");
}

TEST_CASE("Of a study that is not visible nothing can be retrieved: it is 404, as if it was not there") {
  Scene scene;
  fill(scene);
  const std::string series = "/series/1.2.9.1";
  const std::string instance = series + "/instances/1.2.9.1.1";
  for (const auto& below :
       {std::string(), series, instance, std::string("/metadata"), series + "/metadata", instance + "/metadata",
        std::string("/rendered"), instance + "/rendered", std::string("/thumbnail"), instance + "/thumbnail",
        instance + "/frames/1", instance + "/frames/1/rendered", instance + "/frames/1/thumbnail",
        instance + "/bulkdata/7FE00010"}) {
    INFO(below);
    CHECK(get(scene, "/dicom-web/studies/1.2.9" + below).code == 404);
    CHECK(scene.get("/dicom-web/studies/1.2.9" + below, "*/*").code != 404);
  }
  CHECK(get(scene, "/wado?requestType=WADO&studyUID=1.2.9&seriesUID=1.2.9.1&objectUID=1.2.9.1.1").code == 404);
  CHECK(get(scene, "/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.9.1&objectUID=1.2.9.1.1").code == 404);
  CHECK(get(scene, "/dicom-web/studies/1.2.3/metadata").code == 200);
}

TEST_CASE("A study that is not visible can't be deleted") {
  Scene scene;
  fill(scene);
  WriteServices writing(*scene.stores.service, Scene::dictionary(), Settings{"/dicom-web", "/wado", 100}, Journal{});
  writing.add_to(scene.routes);
  fermata::testing::GivenRequest request;
  request.visible_studies = {"1.2.3"};
  const auto remove = [&](const std::string& path) {
    return scene.router.call("DELETE", "/dicom-web/studies" + path, request).code;
  };
  CHECK(fermata::testing::code_of([&] { remove("/1.2.9"); }) == Code::not_found);
  CHECK(fermata::testing::code_of([&] { remove("/1.2.9/series/1.2.9.1"); }) == Code::not_found);
  CHECK(scene.stores.service->statistics().studies == 2);
  CHECK(remove("/1.2.3") == 204);
}
