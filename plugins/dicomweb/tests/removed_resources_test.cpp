#include "removed_resources.hpp"

#include <catch2/catch.hpp>

#include "problem.hpp"
#include "store_scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;

namespace {

struct Scene : StoreScene {
  Scene() : removed(*stores.service), reading(router, "/read", &removed) {
    for (const auto path : {"/{study}", "/{study}/{series}", "/{study}/{series}/{instance}"})
      reading.add("GET", path, "studies.read", [this](HttpRequest& request, HttpResponse& response) {
        ResourceInstances instances(*stores.service, Resource::of(request), false);
        response.status(200);
      });
  }
  uint32_t status(const std::string& path, GivenRequest request = {}) {
    return router.call("GET", "/read" + path, std::move(request)).code;
  }

  RemovedResources removed;
  Routes reading;
};

}  // namespace

TEST_CASE("what was removed is gone, what was never there is not found, and what came again is there") {
  Scene scene;
  Object one;
  Object other;
  other.sop_instance = "1.2.3.4.6";
  scene.post_files({file_of(one), file_of(other)});
  CHECK(scene.status("/1.2.3/1.2.3.4/1.2.3.4.5") == 200);
  CHECK(scene.status("/1.9") == 404);

  REQUIRE(scene.remove("/1.2.3/series/1.2.3.4/instances/1.2.3.4.5").code == 204);
  CHECK(scene.status("/1.2.3/1.2.3.4/1.2.3.4.5") == 410);
  CHECK(scene.status("/1.2.3/1.2.3.4/1.2.3.4.7") == 404);
  CHECK(scene.status("/1.2.3/1.2.3.4") == 200);

  REQUIRE(scene.remove("/1.2.3").code == 204);
  CHECK(scene.status("/1.2.3") == 410);
  CHECK(scene.status("/1.2.3/1.2.3.4") == 410);
  CHECK(scene.status("/1.2.3/1.2.3.4/1.2.3.4.6") == 410);

  scene.post_files({file_of(one)});
  CHECK(scene.status("/1.2.3/1.2.3.4/1.2.3.4.5") == 200);
  CHECK(scene.status("/1.2.3/1.2.3.4/1.2.3.4.6") == 410);
}

TEST_CASE("those who could not have seen it are not told that it was there") {
  Scene scene;
  scene.post_files({file_of(Object{})});
  REQUIRE(scene.remove("/1.2.3").code == 204);
  GivenRequest stranger;
  stranger.visible_studies = {"1.9"};
  CHECK(scene.status("/1.2.3", stranger) == 404);
  stranger.visible_studies = {"1.2.3"};
  CHECK(scene.status("/1.2.3", stranger) == 410);
}
