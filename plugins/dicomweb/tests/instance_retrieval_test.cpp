#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fermata/dicom/file_meta.hpp"
#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb::testing;

namespace {

constexpr std::string_view kJpegLs = "1.2.840.10008.1.2.4.80";
constexpr std::string_view kLittle = "1.2.840.10008.1.2.1";
constexpr auto kAnyDicom = R"(multipart/related; type="application/dicom"; transfer-syntax=*)";

Image image(const std::string& series, const std::string& instance) {
  Image i;
  i.series = series;
  i.instance = instance;
  return i;
}

/// The data set of a DICOM file, checked on the way.
std::string data_set(const std::string& file, std::string_view transfer_syntax) {
  const auto bytes = bytes_of(file);
  const auto meta = dicom::FileMetaReader::read(bytes);
  CHECK(meta.transfer_syntax_uid == transfer_syntax);
  return file.substr(dicom::FileMetaReader::length(bytes));
}

}  // namespace

TEST_CASE("A study comes as a body of parts, each a DICOM file with the bytes that were stored") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  scene.store(image("1.2.3.5", "1.2.3.5.6"));

  const auto answer = scene.study("", kAnyDicom);
  CHECK(answer.code == 200);
  CHECK(answer.headers.at("content-type").starts_with(R"(multipart/related; type="application/dicom"; boundary=")"));
  const auto parts = parts_of(answer);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].content_type == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  CHECK(parts[0].location == "http://archive.example/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5");
  CHECK(data_set(parts[0].body, kLittle) == text_of(image("1.2.3.4", "1.2.3.4.5").encode()));
  CHECK(data_set(parts[1].body, kLittle) == text_of(image("1.2.3.5", "1.2.3.5.6").encode()));
}

TEST_CASE("A series and an instance are no more than what they are") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  scene.store(image("1.2.3.4", "1.2.3.4.6"));
  scene.store(image("1.2.3.5", "1.2.3.5.6"));
  CHECK(parts_of(scene.study("/series/1.2.3.4", kAnyDicom)).size() == 2);
  CHECK(parts_of(scene.study("/series/1.2.3.4/instances/1.2.3.4.6", kAnyDicom)).size() == 1);
}

TEST_CASE("What does not exist is not found, whatever is accepted") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  for (const auto* path : {"/dicom-web/studies/9", "/dicom-web/studies/1.2.3/series/9",
                           "/dicom-web/studies/1.2.3/series/1.2.3.4/instances/9",
                           "/dicom-web/studies/9/series/1.2.3.4/instances/1.2.3.4.5"}) {
    CHECK(scene.get(path).code == 404);
    CHECK(scene.get(path, "image/gif").code == 404);
    CHECK(scene.get(path, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.80").code == 404);
  }
}

TEST_CASE("A single instance can be had alone, with its length, its tag and ranges") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  const auto answer = scene.instance("", "application/dicom");
  CHECK(answer.headers.at("content-type") == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  CHECK(answer.headers.at("content-length") == std::to_string(answer.body.size()));
  CHECK(answer.headers.at("accept-ranges") == "bytes");
  CHECK(data_set(answer.body, kLittle) == text_of(image("1.2.3.4", "1.2.3.4.5").encode()));
  const auto again = scene.get("/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.5", "application/dicom",
                               {{"if-none-match", answer.headers.at("etag")}});
  CHECK(again.code == 304);
  CHECK(again.body.empty());
}

TEST_CASE("A study can't be had as a single file") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  const auto answer = scene.study("", "application/dicom");
  CHECK(answer.code == 406);
  CHECK(answer.body.find("multipart/related") != std::string::npos);
}

TEST_CASE("Objects are brought to the transfer syntax that is accepted") {
  Scene scene;
  scene.transcoder.ways = {{std::string(kJpegLs), std::string(kLittle)}};
  scene.store(image("1.2.3.4", "1.2.3.4.5").encode_fragments({"bits"}), kJpegLs);

  const auto changed = parts_of(scene.study("", R"(multipart/related; type="application/dicom")"));
  CHECK(changed.at(0).content_type == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  CHECK(data_set(changed.at(0).body, kLittle) == "transcoded");
  const auto stored = parts_of(scene.study("", kAnyDicom));
  CHECK(stored.at(0).content_type == "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.80");
  const auto preferred = parts_of(
      scene.study("", R"(multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1, )"
                      R"(multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.80)"));
  CHECK(preferred.at(0).content_type == "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.80");
  const auto only_if_must = parts_of(
      scene.study("", R"(multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.1, )"
                      R"(multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.80; q=0.5)"));
  CHECK(only_if_must.at(0).content_type == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
}

TEST_CASE(
    "An object that turns out to be nothing that can be decoded is given as stored, unless something else is named") {
  Scene scene;
  scene.transcoder.ways = {{std::string(kJpegLs), std::string(kLittle)}};
  scene.transcoder.able = false;
  scene.store(image("1.2.3.4", "1.2.3.4.5").encode_fragments({"bits"}), kJpegLs);
  CHECK(parts_of(scene.study("")).at(0).content_type == "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.80");
  CHECK(scene.instance("", "application/dicom").headers.at("content-type") ==
        "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.80");
  const auto named = scene.instance("", "application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
  CHECK(named.code == 406);
  CHECK_THAT(named.body, Catch::Contains("no way"));
  CHECK(scene.instance("/frames/1").code == 406);
}

TEST_CASE("Where some instances can't be had in an accepted transfer syntax, the others come as 206") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  scene.store(image("1.2.3.4", "1.2.3.4.6").encode_fragments({"bits"}), kJpegLs);
  const auto answer =
      scene.study("", R"(multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.80)");
  CHECK(answer.code == 206);
  CHECK(answer.headers.at("warning").find("1 of 2") != std::string::npos);
  CHECK(parts_of(answer).size() == 1);
}

TEST_CASE("Where no instance can be had in an accepted transfer syntax, the answer is 406 and says what is") {
  Scene scene(false);
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  const auto answer =
      scene.study("", R"(multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.80)");
  CHECK(answer.code == 406);
  CHECK(answer.body.find("transfer-syntax=*") != std::string::npos);
  CHECK(answer.body.find("codecs") != std::string::npos);
}

TEST_CASE("A client that says nothing gets parts") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  CHECK(parts_of(scene.study("")).size() == 1);
  CHECK(parts_of(scene.instance("", "*/*")).size() == 1);
}

TEST_CASE("A large object passes through one buffer") {
  Scene scene;
  auto large = image("1.2.3.4", "1.2.3.4.5");
  large.pixels = std::string(3 << 20, 'x');
  scene.store(large);
  const auto answer = scene.study("", kAnyDicom);
  CHECK(answer.largest_write <= instance_files::BodyWriter::kBuffer);
  CHECK((data_set(parts_of(answer).at(0).body, kLittle) == text_of(large.encode())));
}

TEST_CASE("An object that has lost its blob cuts the answer short") {
  Scene scene;
  for (int i = 0; i < 3; ++i) {
    auto one = image("1.2.3.4", "1.2.3.4." + std::to_string(i));
    one.number = std::to_string(i);
    one.pixels = std::string(300 * 1024, 'x');
    scene.store(one);
  }
  scene.stores.blobs.remove(scene.stores.keys().back());
  for (const auto* accept : {kAnyDicom, "application/zip"}) {
    try {
      scene.study("", accept);
      FAIL("nothing was thrown");
    } catch (const Error& error) {
      CHECK(error.code() == Code::corrupt);
      CHECK_THAT(error.what(), Catch::Contains("1.2.3.4.2"));
    }
  }
}

TEST_CASE("A study comes as a ZIP file that other programs read") {
  Scene scene;
  scene.store(image("1.2.3.4", "1.2.3.4.5"));
  scene.store(image("1.2.3.5", "1.2.3.5.6"));
  const auto answer = scene.study("", "application/zip");
  CHECK(answer.headers.at("content-type") == "application/zip");
  CHECK(answer.headers.at("content-disposition") == "attachment; filename=\"1.2.3.zip\"");
  if (std::system("command -v python3 >/dev/null 2>&1") != 0) return;
  const auto folder = std::filesystem::temp_directory_path() / ("fermata-zip-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "study.zip", std::ios::binary) << answer.body;
  const auto command = "cd " + folder.string() + " && python3 -m zipfile -e study.zip .";
  CHECK(std::system(command.c_str()) == 0);
  std::ifstream file(folder / "1.2.3.5" / "1.2.3.5.6.dcm", std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  CHECK(data_set(content, kLittle) == text_of(image("1.2.3.5", "1.2.3.5.6").encode()));
  std::filesystem::remove_all(folder);
}
