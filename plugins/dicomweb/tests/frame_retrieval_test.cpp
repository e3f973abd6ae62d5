#include <catch2/catch.hpp>

#include "retrieve/frame_form.hpp"
#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb;
using namespace fermata::dicomweb::testing;

namespace {

constexpr std::string_view kLittle = "1.2.840.10008.1.2.1";
constexpr std::string_view kJpegLs = "1.2.840.10008.1.2.4.80";
constexpr std::string_view kBaseline = "1.2.840.10008.1.2.4.50";

std::string form(const std::string& accept, std::string_view stored, bool one_frame, Transcoder& transcoder) {
  const auto ranges = parse_accept(accept);
  const auto found = best_of(std::span<const MediaRange>(ranges),
                             [&](const MediaRange& range) { return frame_form(range, stored, one_frame, transcoder); });
  if (!found) return "none";
  return found->media_type + " " + found->transfer_syntax + (found->multipart ? " in parts" : " alone");
}

}  // namespace

TEST_CASE("Frames are packed and encoded as the client accepts them") {
  ToldTranscoder transcoder;
  transcoder.ways = {{std::string(kJpegLs), std::string(kLittle)},
                     {std::string(kBaseline), std::string(kLittle)},
                     {std::string(kLittle), std::string(kJpegLs)}};
  const auto of = [&](const std::string& accept, std::string_view stored) {
    return form(accept, stored, true, transcoder);
  };
  const std::string pixels = "application/octet-stream 1.2.840.10008.1.2.1";
  const std::string jpeg_ls = "image/jls 1.2.840.10008.1.2.4.80";
  const std::string baseline = "image/jpeg 1.2.840.10008.1.2.4.50";

  CHECK(of("", kLittle) == pixels + " in parts");
  CHECK(of("", kJpegLs) == pixels + " in parts");
  CHECK(of("", kBaseline) == baseline + " in parts");
  CHECK(of("application/octet-stream", kBaseline) == pixels + " alone");
  CHECK(of(R"(multipart/related; type="application/octet-stream"; transfer-syntax=*)", kJpegLs) ==
        "application/octet-stream 1.2.840.10008.1.2.4.80 in parts");
  CHECK(of("multipart/related; type=application/octet-stream; transfer-syntax=*", "1.2.840.10008.1.2.2") ==
        pixels + " in parts");
  CHECK(of("multipart/related; transfer-syntax=*", kJpegLs) == jpeg_ls + " in parts");
  CHECK(of("image/jls", kJpegLs) == jpeg_ls + " alone");
  CHECK(of("image/jls", kLittle) == jpeg_ls + " alone");
  CHECK(of("image/jpeg", kBaseline) == baseline + " alone");
  CHECK(of("image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70", kBaseline) == "none");
  CHECK(of("image/*", kJpegLs) == jpeg_ls + " alone");
  CHECK(of("image/jp2", kLittle) == "none");
  CHECK(of("image/jls; transfer-syntax=1.2.840.10008.1.2.4.50", kBaseline) == "none");
  CHECK(of("image/jls;q=0.5, application/octet-stream", kJpegLs) == pixels + " alone");
  CHECK(of("application/octet-stream, image/jls", kJpegLs) == jpeg_ls + " alone");
}

TEST_CASE("Several frames fit into no body without parts") {
  ToldTranscoder transcoder;
  CHECK(form("application/octet-stream", kLittle, false, transcoder) == "none");
  CHECK(form("*/*", kLittle, false, transcoder).ends_with("in parts"));
}

TEST_CASE("Frames come in the order in which they are asked for") {
  Scene scene;
  scene.store(Image{});
  const auto answer = scene.instance("/frames/3,1,3");
  const auto parts = parts_of(answer);
  REQUIRE(parts.size() == 3);
  CHECK(parts[0].body == "frame 3 as 1.2.840.10008.1.2.1");
  CHECK(parts[1].body == "frame 1 as 1.2.840.10008.1.2.1");
  CHECK(parts[2].body == "frame 3 as 1.2.840.10008.1.2.1");
  CHECK(parts[1].content_type == "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1");
  CHECK(parts[1].location ==
        "http://archive.example/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/frames/1");
}

TEST_CASE("A single frame can be had alone") {
  Scene scene;
  scene.store(Image{});
  const auto answer = scene.instance("/frames/2", "application/octet-stream");
  CHECK(answer.body == "frame 2 as 1.2.840.10008.1.2.1");
  CHECK(answer.headers.at("content-type") == "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1");
  CHECK(answer.headers.at("content-length") == std::to_string(answer.body.size()));
}

TEST_CASE("A client that has the frames already gets them no second time") {
  Scene scene;
  scene.store(Image{});
  const auto first = scene.instance("/frames/1,2");
  const std::string url = "/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5/frames/";
  scene.transcoder.damaged_frame = 1;  // nothing is decoded any more
  CHECK(scene.get(url + "1,2", "", {{"if-none-match", first.headers.at("etag")}}).code == 304);
  CHECK_THROWS(scene.get(url + "1,3", "", {{"if-none-match", first.headers.at("etag")}}));
}

TEST_CASE("Frames that are none are refused before the first byte") {
  Scene scene;
  scene.store(Image{});
  CHECK(scene.instance("/frames/4").code == 404);
  CHECK(scene.instance("/frames/1,4").code == 404);
  for (const auto* list : {"/frames/0", "/frames/x", "/frames/1,-2", "/frames/1.5", "/frames/,"})
    CHECK_THROWS_AS(scene.instance(list), Error);
}

TEST_CASE("A damaged first frame is an error, a later one cuts the answer short") {
  Scene scene;
  scene.store(Image{});
  scene.transcoder.damaged_frame = 2;
  CHECK_THROWS_AS(scene.instance("/frames/2"), Error);
  CHECK_THROWS_AS(scene.instance("/frames/1,2"), Error);
  CHECK(parts_of(scene.instance("/frames/1,3")).size() == 2);
}

TEST_CASE("Frames need the codecs, and an object with pixel data") {
  Scene without(false);
  without.store(Image{});
  CHECK(without.instance("/frames/1").code == 501);
  Scene scene;
  Image report;
  report.pixels.clear();
  scene.store(report);
  CHECK(scene.instance("/frames/1").code == 404);
}

TEST_CASE("What is accepted and can't be given is 406 with what can") {
  Scene scene;
  scene.store(Image{});
  const auto answer = scene.instance("/frames/1", "image/jp2");
  CHECK(answer.code == 406);
  CHECK(answer.body.find("application/octet-stream") != std::string::npos);
}
