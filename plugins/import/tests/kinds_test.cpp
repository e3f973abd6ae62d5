#include <zlib.h>
#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"
#include "import_request.hpp"
#include "scene.hpp"
#include "sources/source_kinds.hpp"
#include "working_hours.hpp"

using namespace fermata;
using namespace fermata::imports;
using namespace fermata::imports::testing;
using fermata::testing::code_of;

namespace {

/// As Orthanc compresses its attachments.
std::string compressed(const std::string& content) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>(uint64_t{content.size()} >> (8 * i));
  auto length = compressBound(content.size());
  out.resize(8 + length);
  compress(reinterpret_cast<Bytef*>(out.data()) + 8, &length, reinterpret_cast<const Bytef*>(content.data()),
           content.size());
  out.resize(8 + length);
  return out;
}

fs::path attachment(char mark) {
  const std::string uuid = std::string(1, mark) + "b12cd34-0000-4000-8000-000000000001";
  return fs::path(uuid.substr(0, 2)) / uuid.substr(2, 2) / uuid;
}

/// An image with rows, up to its pixel data or with it.
std::string image(const std::string& instance, bool cut) {
  dicom::DataSetWriter w;
  w.add(dicom::kSopClassUid, "UI", archive::testing::kSecondaryCapture);
  w.add(dicom::kSopInstanceUid, "UI", instance);
  w.add(dicom::kPatientId, "LO", "P1");
  w.add(dicom::kStudyInstanceUid, "UI", "1.2.3");
  w.add(dicom::kSeriesInstanceUid, "UI", "1.2.3.1");
  w.add_u16(dicom::Tag(0x0028, 0x0010), 2);
  w.add_u16(dicom::Tag(0x0028, 0x0011), 2);
  if (!cut) w.add(dicom::kPixelData, "OW", "PIXELSXX");
  dicom::FileMeta meta;
  meta.sop_class_uid = archive::testing::kSecondaryCapture;
  meta.sop_instance_uid = instance;
  meta.transfer_syntax_uid = archive::testing::kExplicitLittle;
  return text_of(dicom::encode(meta)) + text_of(w.bytes());
}

}  // namespace

TEST_CASE("an Orthanc folder without its database: compressed objects, beginnings of objects, other attachments") {
  Scene scene;
  scene.source.write(attachment('a'), image("1.1", true));
  scene.source.write(attachment('b'), image("1.1", false));
  scene.source.write(attachment('c'), compressed(image("1.2", false)));
  scene.source.write(attachment('d'), compressed("{\"a\": 1}"));
  scene.source.write(attachment('e'), compressed(image("1.3", false)).substr(0, 100));
  CHECK(recognised_kind(scene.source.path()) == "orthanc");
  scene.import(scene.plan("orthanc"));
  const auto report = scene.report();
  REQUIRE(report.size() == 5);
  CHECK(report[0] == attachment('a').native() +
                         " not_dicom: the beginning of an image, up to its pixel data: Orthanc keeps such "
                         "beside the object");
  CHECK(report[1] == attachment('b').native() + " stored");
  CHECK(report[2] == attachment('c').native() + " stored");
  CHECK(report[3] == attachment('d').native() + " not_dicom: no DICOM file");
  CHECK(report[4] == attachment('e').native() + " unreadable: it is compressed, and cut short");
}

TEST_CASE("an Orthanc folder with its database: the database says what an attachment is") {
  Scene scene;
  scene.source.write(attachment('a'), image("1.1", true));
  scene.source.write(attachment('b'), image("1.1", false));
  scene.source.write(attachment('c'), compressed(image("1.2", false)));
  execute(scene.source / "index",
          "CREATE TABLE AttachedFiles (id INTEGER, fileType INTEGER, uuid TEXT, compressionType INTEGER);"
          "INSERT INTO AttachedFiles VALUES (1, 3, '" +
              attachment('a').filename().native() +
              "', 1), "
              "(1, 1, '" +
              attachment('b').filename().native() +
              "', 1), "
              "(2, 1, '" +
              attachment('c').filename().native() + "', 2);");
  scene.import(scene.plan("orthanc"));
  CHECK(scene.report() ==
        Texts{attachment('a').native() + " not_dicom: an attachment of Orthanc that is no object (type 3)",
              attachment('b').native() + " stored", attachment('c').native() + " stored",
              "index not_dicom: a database"});
}

TEST_CASE("a dcm4chee store is recognised by its dated folders, anything else is a folder") {
  const Folder store, other;
  store.write("2024/1/31/12/7A0B3C4D/11223344/55667788", "x");
  CHECK(recognised_kind(store.path()) == "dcm4chee");
  other.write("2024/notes/x", "x");
  CHECK(recognised_kind(other.path()) == "folder");
  CHECK(recognised_kind(other / "2024/notes/x") == "file");
  CHECK(code_of([&] { recognised_kind(other / "nothing"); }) == Code::not_found);
}

TEST_CASE("over HTTP only what lies in the folders may be named, whatever leads there") {
  const Folder allowed, other;
  allowed.write("in/file", "x");
  other.write("secret", "x");
  fs::create_directory_symlink(other.path(), allowed / "link");
  const std::vector<std::string> folders{allowed.path().native()};
  const auto code = [&](const std::string& source) {
    ImportRequest request;
    request.source = source;
    try {
      checked(request, folders);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::internal;
  };
  CHECK(code((allowed / "in").native()) == Code::internal);  // it is allowed
  CHECK(code(allowed.path().native()) == Code::internal);
  CHECK(code((allowed / "in/../in").native()) == Code::internal);
  CHECK(code((allowed / "link").native()) == Code::refused);
  CHECK(code((allowed / "link/secret").native()) == Code::refused);
  CHECK(code((allowed / "../" / other.path().filename()).native()) == Code::refused);
  CHECK(code(other.path().native()) == Code::refused);
  CHECK(code((other / "nothing").native()) == Code::refused);  // nobody learns whether it is there
  CHECK(code((allowed / "nothing").native()) == Code::not_found);
  CHECK(code_of([&] { confined(allowed.path().native(), {}); }) == Code::refused);
}

TEST_CASE("a request is read from words and from JSON, and refused where it makes no sense") {
  const std::vector<std::string_view> words{"/data",  "--dry-run", "--rate",  "100",
                                            "--kind", "horos",     "--hours", "20:00-06:00"};
  const auto request = ImportRequest::from_arguments(words);
  CHECK(request.source == "/data");
  CHECK(request.dry_run);
  CHECK(request.rate == 100);
  CHECK(request.hours == "20:00-06:00");
  const auto again = ImportRequest::from_json(request.to_json());
  CHECK(again.kind == "horos");
  CHECK(again.rate == 100);
  const std::vector<std::vector<std::string_view>> wrong{
      {}, {"--rate"}, {"/a", "/b"}, {"/a", "--rate", "x"}, {"/a", "--what"}};
  for (const auto& list : wrong) CHECK(code_of([&] { ImportRequest::from_arguments(list); }) == Code::invalid);
  for (const auto* text :
       {R"([])", R"({"source": 1})", R"({"source": "/", "rate": -1})", R"({"source": "/", "dry_run": 1})"})
    CHECK(code_of([&] { ImportRequest::from_json(boost::json::parse(text)); }) == Code::invalid);
  ImportRequest hours;
  hours.source = "/";
  hours.hours = "20-6";
  CHECK(code_of([&] { checked(hours, std::nullopt); }) == Code::invalid);
}

TEST_CASE("hours include their beginning and go over midnight") {
  std::tm local{};
  local.tm_year = 124;
  local.tm_mday = 15;
  local.tm_isdst = -1;
  const auto at = [&](int hour, int minute) {
    auto copy = local;
    copy.tm_hour = hour;
    copy.tm_min = minute;
    return std::mktime(&copy);
  };
  const auto night = WorkingHours::parse("20:00-06:30");
  CHECK(night.include(at(20, 0)));
  CHECK(night.include(at(3, 0)));
  CHECK_FALSE(night.include(at(6, 30)));
  CHECK_FALSE(night.include(at(19, 59)));
  const auto noon = WorkingHours::parse("11:30-13:00");
  CHECK(noon.include(at(12, 0)));
  CHECK_FALSE(noon.include(at(13, 0)));
  CHECK(WorkingHours::parse("").include(at(5, 0)));
}

TEST_CASE("parameters survive being kept, whatever bytes a path has") {
  ImportPlan plan;
  plan.kind = "folder";
  plan.source = "/a\xff%b";
  plan.folders = {"/x\xfe"};
  plan.rate = 7;
  plan.dry_run = true;
  const auto text = plan.to_json();
  const auto again = ImportPlan::from_json(std::as_bytes(std::span(text)));
  CHECK(again.source == plan.source);
  CHECK(again.folders == plan.folders);
  CHECK(again.rate == 7);
  CHECK(again.dry_run);
  const std::string newer = R"({"version":2})";
  CHECK(code_of([&] { ImportPlan::from_json(std::as_bytes(std::span(newer))); }) == Code::unsupported);
}
