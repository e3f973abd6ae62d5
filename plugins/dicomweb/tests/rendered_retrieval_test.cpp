#include <catch2/catch.hpp>

#include "retrieve/rendering_parameters.hpp"
#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;

namespace {

void store_series(Scene& scene, const std::string& series, int count, bool with_pixels = true) {
  for (int i = 1; i <= count; ++i) {
    Image image;
    image.series = series;
    image.instance = series + "." + std::to_string(i);
    image.number = std::to_string(i);
    if (!with_pixels) image.pixels.clear();
    scene.store(image);
  }
}

}  // namespace

TEST_CASE("An instance is rendered as the query asks") {
  Scene scene;
  scene.store(Image{});
  const auto answer = scene.instance("/rendered");
  CHECK(answer.headers.at("content-type") == "image/jpeg");
  CHECK(answer.headers.at("content-length") == std::to_string(answer.body.size()));
  CHECK(answer.body == "image/jpeg of 1.2.3.4.5 frame 1");
  CHECK(scene.instance("/rendered", "image/png;q=0.9, image/*;q=0.1").body == "image/png of 1.2.3.4.5 frame 1");
  CHECK(scene.instance("/rendered?accept=image/png").body == "image/png of 1.2.3.4.5 frame 1");
  CHECK(scene.instance("/rendered?window=40,400,linear&quality=80&annotation=patient&iccprofile=yes").body ==
        "image/jpeg of 1.2.3.4.5 frame 1 window 40.000000,400.000000 quality 80");
  CHECK(scene.instance("/rendered?window=40.5,0.5,sigmoid").body ==
        "image/jpeg of 1.2.3.4.5 frame 1 window 40.500000,0.500000 sigmoid");
  CHECK(scene.instance("/rendered?viewport=100,50,1,2,-3,4").body ==
        "image/jpeg of 1.2.3.4.5 frame 1 viewport 100x50 source 1.000000,2.000000,-3.000000,4.000000");
}

TEST_CASE("What a rendering parameter can't be is refused by its name") {
  for (const std::string query :
       {"window=40", "window=a,b,linear", "window=40,0,linear", "window=40,0.5", "window=1,2,cubic",
        "window=1,2,linear,3", "viewport=10", "viewport=0,10", "viewport=10,a", "viewport=10,10,-1,0",
        "viewport=10,10,1,2,3,4,5", "viewport=99999,1", "quality=0", "quality=101", "quality=x", "quality="}) {
    CHECK_THROWS_WITH(parse_rendering(QueryParameters(query)), Catch::Contains(query.substr(0, query.find('='))));
  }
  CHECK_THROWS_AS(parse_thumbnail(QueryParameters("viewport=1,2,3,4")), Error);
}

TEST_CASE("A series is shown by its middle image, a study by the first series that has images") {
  Scene scene;
  store_series(scene, "1.2.3.4", 2, false);
  store_series(scene, "1.2.3.5", 5);
  store_series(scene, "1.2.3.6", 3);
  CHECK(scene.study("/series/1.2.3.6/rendered").body == "image/jpeg of 1.2.3.6.2 frame 1");
  CHECK(scene.study("/rendered").body == "image/jpeg of 1.2.3.5.3 frame 1");
  CHECK(scene.study("/thumbnail").body == "image/jpeg of 1.2.3.5.3 frame 1 viewport 256x256");
  CHECK(scene.study("/series/1.2.3.5/thumbnail?viewport=64,32", "image/png").body ==
        "image/png of 1.2.3.5.3 frame 1 viewport 64x32");
  CHECK(scene.study("/series/1.2.3.4/thumbnail").code == 406);
  CHECK(scene.study("/series/1.2.3.9/thumbnail").code == 404);
}

TEST_CASE("An object of many frames is shown by its middle one") {
  Scene scene;
  Image image;
  image.frames = "9 ";
  scene.store(image);
  CHECK(scene.instance("/thumbnail").body == "image/jpeg of 1.2.3.4.5 frame 5 viewport 256x256");
  CHECK(scene.instance("/frames/7/thumbnail").body == "image/jpeg of 1.2.3.4.5 frame 7 viewport 256x256");
  CHECK(scene.instance("/frames/7/rendered").body == "image/jpeg of 1.2.3.4.5 frame 7");
}

TEST_CASE("As parts of a body, every frame of every image is rendered") {
  Scene scene;
  Image image;
  image.frames = "2";
  scene.store(image);
  store_series(scene, "1.2.3.5", 1, false);
  store_series(scene, "1.2.3.6", 1);
  const auto parts = parts_of(scene.study("/rendered", R"(multipart/related; type="image/png")"));
  REQUIRE(parts.size() == 3);
  CHECK(parts[1].body == "image/png of 1.2.3.4.5 frame 2");
  CHECK(parts[1].location.ends_with("/instances/1.2.3.4.5/frames/2/rendered"));
  CHECK(parts[2].body == "image/png of 1.2.3.6.1 frame 1");
  const auto some = parts_of(scene.instance("/frames/2,1/rendered", "image/jpeg"));
  REQUIRE(some.size() == 2);
  CHECK(some[0].body == "image/jpeg of 1.2.3.4.5 frame 2");
  const auto beyond = scene.instance("/frames/1,3/rendered", "image/jpeg");
  CHECK(beyond.code == 404);
  CHECK(beyond.body.find("there is no frame 3: the instance has 2") != std::string::npos);
}

TEST_CASE("What no picture can be made of is 406, and without codecs 501") {
  Scene scene;
  scene.store(Image{});
  scene.renderer.able = false;
  const auto answer = scene.instance("/rendered");
  CHECK(answer.code == 406);
  CHECK(answer.body.find("video") != std::string::npos);
  CHECK(scene.study("/rendered", "multipart/related; type=\"image/jpeg\"").code == 406);
  CHECK(scene.instance("/rendered", "image/gif").code == 406);
  Scene without(false);
  without.store(Image{});
  CHECK(without.instance("/rendered").code == 501);
}

TEST_CASE("A picture that the client has already is not made again") {
  Scene scene;
  scene.store(Image{});
  const std::string url = "/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/rendered";
  const auto tag = scene.get(url).headers.at("etag");
  scene.renderer.able = false;
  CHECK(scene.get(url, "", {{"if-none-match", "\"other\", " + tag}}).code == 304);
  CHECK(scene.get(url + "?quality=10", "", {{"if-none-match", tag}}).code == 406);
}
