#include <catch2/catch.hpp>

#include "fermata/dicom/file_meta.hpp"
#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb::testing;

namespace {

const std::string kUrl = "/wado?requestType=WADO&studyUID=1.2.3&seriesUID=1.2.3.4&objectUID=1.2.3.4.5";

std::string transfer_syntax(const KeptResponse& answer) {
  return dicom::FileMetaReader::read(bytes_of(answer.body)).transfer_syntax_uid;
}

}  // namespace

TEST_CASE("A viewer of the OsiriX family gets the original file, with its length") {
  Scene scene;
  scene.transcoder.ways = {{"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.1"}};
  scene.store(Image{}.encode_fragments({"bits"}), "1.2.840.10008.1.2.4.80");
  const auto answer = scene.get(kUrl + "&contentType=application/dicom&useOrig=true");
  CHECK(answer.code == 200);
  CHECK(answer.headers.at("content-type").starts_with("application/dicom"));
  CHECK(answer.headers.at("content-length") == std::to_string(answer.body.size()));
  CHECK(transfer_syntax(answer) == "1.2.840.10008.1.2.4.80");
  CHECK(transfer_syntax(scene.get(kUrl + "&contentType=application/dicom&transferSyntax=1.2.840.10008.1.2.1")) ==
        "1.2.840.10008.1.2.1");
}

TEST_CASE("A file is Explicit VR Little Endian where nothing else is named, or can be given") {
  Scene scene;
  scene.transcoder.ways = {{"1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.1"}};
  scene.store(Image{}.encode_fragments({"bits"}), "1.2.840.10008.1.2.4.80");
  CHECK(transfer_syntax(scene.get(kUrl + "&contentType=application%2Fdicom")) == "1.2.840.10008.1.2.1");
  CHECK(transfer_syntax(scene.get(kUrl + "&contentType=application/dicom&transferSyntax=1.2.840.10008.1.2.4.90")) ==
        "1.2.840.10008.1.2.1");
}

TEST_CASE("Without a content type an image is a picture, a document itself, and anything else the file") {
  Scene scene;
  scene.store(Image{});
  CHECK(scene.get(kUrl).headers.at("content-type") == "image/jpeg");
  CHECK(scene.get(kUrl, "image/webp, */*;q=0.8").headers.at("content-type") == "image/jpeg");
  Scene others;
  Image report;
  report.pixels.clear();
  others.store(report);
  CHECK(others.get(kUrl).headers.at("content-type").starts_with("application/dicom"));
  CHECK(others.get(kUrl + "&contentType=image/jpeg").code == 406);
  Scene documents;
  report.document = "%PDF";
  report.document_type = "application/pdf";
  documents.store(report);
  CHECK(documents.get(kUrl).body == "%PDF");
}

TEST_CASE("A picture is made as the query asks") {
  Scene scene;
  Image image;
  image.frames = "3";
  scene.store(image);
  const auto picture = [&](const std::string& more) { return scene.get(kUrl + "&contentType=image/png" + more).body; };
  CHECK(picture("&frameNumber=3") == "image/png of 1.2.3.4.5 frame 3");
  CHECK(picture("&windowCenter=40&windowWidth=400&imageQuality=70&foo=bar") ==
        "image/png of 1.2.3.4.5 frame 2 window 40.000000,400.000000 quality 70");
  CHECK(picture("&rows=100&columns=50") == "image/png of 1.2.3.4.5 frame 2 viewport 50x100");
  CHECK(picture("&rows=100") == "image/png of 1.2.3.4.5 frame 2 viewport 16384x100");
  CHECK(picture("&region=0.1,0.25,0.6,0.75") ==
        "image/png of 1.2.3.4.5 frame 2 source 1.000000,5.000000,5.000000,10.000000");
}

TEST_CASE("What a parameter can't be is refused by its name") {
  Scene scene;
  scene.store(Image{});
  for (const std::string query :
       {"frameNumber=2", "frameNumber=x", "rows=0", "columns=-1", "windowCenter=40", "windowWidth=x", "region=0,0,2,1",
        "region=0.5,0,0.5,1", "region=1", "imageQuality=0"})
    CHECK_THROWS_AS(scene.get(kUrl + "&" + query), Error);
  CHECK_THROWS_WITH(scene.get("/wado?requestType=WADO&studyUID=1&seriesUID=1"), Catch::Contains("objectUID"));
  CHECK_THROWS_WITH(scene.get("/wado?studyUID=1&seriesUID=1&objectUID=1"), Catch::Contains("requestType"));
}

TEST_CASE("What is missing is 404, and anonymized objects are refused politely") {
  Scene scene;
  scene.store(Image{});
  CHECK(scene.get("/wado?requestType=WADO&studyUID=1&seriesUID=1&objectUID=1&contentType=application/dicom").code ==
        404);
  CHECK(scene.get(kUrl + "&anonymize=yes").code == 501);
}
