#include "files/upload.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <catch2/catch.hpp>
#include <utility>

#include "fermata/dicom/file_meta.hpp"
#include "files/zip_reader.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using testing::Image;
using Texts = std::vector<std::string>;
using Files = std::vector<std::pair<std::string, std::string>>;

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string file_of(const Image& image, std::string_view sop_class = "1.2.840.10008.5.1.4.1.1.7") {
  dicom::FileMeta meta;
  meta.sop_class_uid = sop_class;
  meta.sop_instance_uid = image.instance;
  meta.transfer_syntax_uid = "1.2.840.10008.1.2.1";
  return text_of(dicom::encode(meta)) + text_of(image.encode());
}

/// A ZIP as a program writes it that does not know sizes before.
std::string zip_of(const Files& files) {
  std::string zip;
  auto* const writer = archive_write_new();
  archive_write_set_format_zip(writer);
  archive_write_set_bytes_per_block(writer, 0);
  archive_write_open(
      writer, &zip, nullptr,
      [](::archive*, void* self, const void* data, std::size_t size) -> la_ssize_t {
        static_cast<std::string*>(self)->append(static_cast<const char*>(data), size);
        return static_cast<la_ssize_t>(size);
      },
      nullptr);
  for (const auto& [name, content] : files) {
    auto* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, name.ends_with('/') ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  return zip;
}

struct Uploading : testing::Scene {
  explicit Uploading(Upload::Limits limits = {}) : upload(*stores.service, limits, Journal{}) { upload.add_to(routes); }
  boost::json::array results(const std::string& body, std::size_t piece = 1000) {
    auto request = testing::with_body(body);
    request.piece = piece;
    return json("POST", "/api/upload?name=one.dcm", request).at("results").as_array();
  }
  Texts outcomes(const std::string& body, std::size_t piece = 1000) {
    Texts texts;
    for (const auto& result : results(body, piece))
      texts.push_back(std::string(result.at("file").as_string()) + " " + std::string(result.at("outcome").as_string()));
    return texts;
  }
  Upload upload;
};

}  // namespace

TEST_CASE("a DICOM file is stored, and a second time it is identical") {
  Uploading scene;
  const auto result = scene.results(file_of({})).at(0);
  CHECK(result.at("outcome") == "stored");
  CHECK(result.at("study_instance_uid") == "1.2.3");
  CHECK(result.at("sop_instance_uid") == "1.2.3.4.5");
  CHECK(scene.outcomes(file_of({}), 1) == Texts{"one.dcm identical"});
  CHECK(scene.stores.read("1.2.3.4.5") == Image{}.encode());
}

TEST_CASE("a file without its preamble, and a data set alone, are stored too") {
  Uploading scene;
  CHECK(scene.outcomes(file_of({}).substr(132)) == Texts{"one.dcm stored"});
  CHECK(scene.outcomes(text_of(Image{.instance = "1.2.3.4.6"}.encode())) == Texts{"one.dcm stored"});
}

TEST_CASE("what is no DICOM file is said to be none") {
  Uploading scene;
  CHECK(scene.outcomes("") == Texts{"one.dcm not_dicom"});
  CHECK(scene.outcomes("hello") == Texts{"one.dcm not_dicom"});
  CHECK(scene.outcomes(std::string(1000, 'x')) == Texts{"one.dcm not_dicom"});
  CHECK(scene.outcomes(file_of({}).substr(0, 200)) == Texts{"one.dcm not_dicom"});
  CHECK(scene.outcomes(file_of({}).substr(0, 400)) == Texts{"one.dcm refused"});
}

TEST_CASE("every file of a ZIP has its result, in order") {
  Uploading scene;
  Files files{{"a/", ""}, {"a/1.dcm", file_of({})}, {"readme.txt", "hello"}};
  for (int i = 0; i < 20; ++i)
    files.push_back({"a/" + std::to_string(i), file_of({.instance = "1.2.9." + std::to_string(i)})});
  files.push_back({"DICOMDIR", file_of({}, "1.2.840.10008.1.3.10")});
  files.push_back({"inner.zip", zip_of({{"x", "y"}})});
  const auto outcomes = scene.outcomes(zip_of(files), 100);
  REQUIRE(outcomes.size() == 24);
  CHECK(outcomes[0] == "a/1.dcm stored");
  CHECK(outcomes[1] == "readme.txt not_dicom");
  CHECK(outcomes[2] == "a/0 stored");
  CHECK(outcomes[21] == "a/19 stored");
  CHECK(outcomes[22] == "DICOMDIR not_dicom");
  CHECK(outcomes[23] == "inner.zip not_dicom");
  CHECK(scene.stores.service->statistics().instances == 21);
}

TEST_CASE("an empty ZIP has no results") {
  Uploading scene;
  CHECK(scene.results(zip_of({})).empty());
}

TEST_CASE("a ZIP that breaks off gives what came before, and says so") {
  Uploading scene;
  const auto zip = zip_of({{"1", file_of({})}, {"2", file_of({.instance = "1.2.9"})}});
  const auto outcomes = scene.outcomes(zip.substr(0, zip.size() / 2 + 40));
  REQUIRE(outcomes.size() >= 2);
  CHECK(outcomes[0] == "1 stored");
  CHECK(outcomes.back() == "one.dcm refused");
}

TEST_CASE("a ZIP is unpacked up to its limits") {
  const Files files{{"1", file_of({})}, {"2", file_of({.instance = "1.2.9"})}};
  Uploading few({.files = 1});
  CHECK(few.outcomes(zip_of(files)) == Texts{"1 stored", "one.dcm refused"});
  Uploading small({.unpacked = file_of({}).size() + 10});
  CHECK(small.outcomes(zip_of(files)) == Texts{"1 stored", "2 refused", "one.dcm refused"});
}

TEST_CASE("what is no ZIP is said to be none, and leaves no memory behind") {  // LeakSanitizer sees the latter
  for (const std::string_view content : {"this is no ZIP at all, but a line of text that is long enough", "PK"}) {
    auto rest = std::as_bytes(std::span(content));
    CHECK_THROWS_AS(ZipReader([&] { return std::exchange(rest, {}); }).next(), Error);
  }
}

}  // namespace fermata::admin
