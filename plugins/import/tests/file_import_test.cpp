#include "file_import.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"
#include "scene.hpp"

using namespace fermata;
using namespace fermata::imports;
using namespace fermata::imports::testing;
using fermata::testing::code_of;

namespace {

/// A ZIP of these files.
void pack(const fs::path& path, const std::vector<std::pair<std::string, std::string>>& files) {
  auto* const writer = archive_write_new();
  archive_write_set_format_zip(writer);
  archive_write_open_filename(writer, path.c_str());
  for (const auto& [name, content] : files) {
    auto* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
    archive_entry_set_perm(entry, 0644);
    archive_write_header(writer, entry);
    archive_write_data(writer, content.data(), content.size());
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
}

}  // namespace

TEST_CASE("every file of a folder is stored or listed with the reason why not, and read back") {
  Scene scene;
  scene.parallel = 1;  // which of two alike comes first
  scene.source.write("a.dcm", dicom_file("1.1"));
  scene.source.write("b", dicom_file("1.1"));                         // the same once more
  scene.source.write("c", dicom_file("1.1", "1.2.3", "Other^Name"));  // another one of this UID
  scene.source.write("d.txt", "not an image");
  scene.source.write("e", "");
  const auto whole = dicom_file("1.5");
  scene.source.write("f", whole.substr(0, whole.size() - 7));
  scene.source.write("g", dicom_file("1.7", "1.9").substr(132));  // without preamble
  fermata::archive::testing::Object bare;
  bare.sop_instance = "1.8";
  scene.source.write("h", text_of(bare.encode()));  // a data set alone
  scene.source.write("i.pdf", "%PDF-1.4");
  scene.import(scene.plan());
  const auto report = scene.report();
  REQUIRE(report.size() == 9);
  CHECK(report[0] == "a.dcm stored");
  CHECK(report[1] == "b duplicate");
  CHECK(report[2] == "c differs: another object with this SOP Instance UID is in the archive, and stays");
  CHECK(report[3] == "d.txt not_dicom: no DICOM file");
  CHECK(report[4] == "e not_dicom: an empty file");
  CHECK(report[5].starts_with("f refused: "));
  CHECK(report[6] == "g stored");
  CHECK(report[7] == "h stored");
  CHECK(report[8] == "i.pdf not_dicom: a PDF file");
  CHECK(scene.stored() == 3);
  CHECK(scene.run.total == 9);
  CHECK(scene.run.message ==
        "3 stored, 1 duplicates, 1 with the UID of another object, 1 refused, 3 not DICOM, 4 verified");
  CHECK(scene.stores.find("1.1")->source_ae_title == "IMPORT-7");
  CHECK(scene.lines()[0].study == "1.2.3");
}

TEST_CASE("a dry run says what would be done, and stores nothing") {
  Scene scene;
  scene.source.write("a", dicom_file("1.1"));
  scene.import(scene.plan());
  scene.run = {};
  scene.source.write("b", dicom_file("1.2"));
  scene.source.write("c", "text");
  auto plan = scene.plan();
  plan.dry_run = true;
  scene.import(plan);
  CHECK(scene.report() == Texts{"a present", "b new", "c not_dicom: no DICOM file"});
  CHECK(scene.stored() == 1);
}

TEST_CASE("an import that was interrupted goes on after the last line of its report, and counts nothing twice") {
  Scene scene;
  for (int i = 0; i < 60; ++i)
    scene.source.write("file" + std::to_string(100 + i), dicom_file("1." + std::to_string(i)));
  scene.source.write("file130.twin", dicom_file("1.30"));
  scene.run.cancel_after = 40;
  CHECK(code_of([&] { scene.import(scene.plan()); }) == Code::cancelled);
  CHECK(scene.stored() > 20);
  CHECK(scene.stored() < 60);
  scene.run.cancel_after = -1;
  scene.import(scene.plan());
  CHECK(scene.stored() == 60);
  CHECK(scene.run.message == "60 stored, 1 duplicates, 61 verified");
  CHECK(scene.report().size() == 61);
}

TEST_CASE("objects whose lines were lost with a kill are taken for stored by this import") {
  Scene scene;
  for (int i = 0; i < 20; ++i)
    scene.source.write("file" + std::to_string(100 + i), dicom_file("1." + std::to_string(i)));
  scene.run.cancel_after = 12;
  CHECK(code_of([&] { scene.import(scene.plan()); }) == Code::cancelled);
  const auto report = report_path(scene.reports.path(), "7");
  fs::resize_file(report, fs::file_size(report) - 500);  // some lines, and a part of one
  scene.run.cancel_after = -1;
  scene.import(scene.plan());
  CHECK(scene.run.message == "20 stored, 20 verified");
}

TEST_CASE("an import that was interrupted while it read back goes on there") {
  Scene scene;
  for (int i = 0; i < 30; ++i)
    scene.source.write("file" + std::to_string(100 + i), dicom_file("1." + std::to_string(i)));
  scene.run.cancel_after = 31 + 2 + 20;
  CHECK(code_of([&] { scene.import(scene.plan()); }) == Code::cancelled);
  CHECK(scene.run.saved.find("verification") != std::string::npos);
  scene.run.cancel_after = -1;
  scene.import(scene.plan());
  CHECK(scene.run.message == "30 stored, 30 verified");
}

TEST_CASE("an object that is not in the archive any more when it is read back is named, and the import has failed") {
  Scene scene;
  for (int i = 0; i < 3; ++i) scene.source.write("file" + std::to_string(i), dicom_file("1." + std::to_string(i)));
  scene.run.cancel_after = 4 + 1;
  CHECK(code_of([&] { scene.import(scene.plan()); }) == Code::cancelled);
  REQUIRE(scene.run.saved.find("verification") != std::string::npos);
  const std::string_view uid = "1.1";
  Selection selection;
  selection.sop_instance_uids = {&uid, 1};
  scene.stores.service->remove(selection);
  scene.run.cancel_after = -1;
  CHECK(code_of([&] { scene.import(scene.plan()); }) == Code::corrupt);
  CHECK(scene.report().back() == "file1 lost: it is not in the archive");
}

TEST_CASE("the files of a ZIP are imported, also when it goes on in the middle") {
  Scene scene;
  std::vector<std::pair<std::string, std::string>> files;
  for (int i = 0; i < 40; ++i)
    files.emplace_back("IMG/" + std::to_string(i) + ".dcm", dicom_file("1." + std::to_string(i)));
  files.emplace_back("README", "text");
  pack(scene.source / "study.zip", files);
  auto plan = scene.plan("file");
  plan.source = (scene.source / "study.zip").native();
  scene.run.cancel_after = 60;
  CHECK(code_of([&] { scene.import(plan); }) == Code::cancelled);
  scene.run.cancel_after = -1;
  scene.import(plan);
  CHECK(scene.run.message == "40 stored, 1 not DICOM, 40 verified");
}

TEST_CASE("an archive that is stopping ends the run, and not the import") {
  Scene scene;
  scene.source.write("a", dicom_file("1.1"));
  scene.stores.service->drain(std::chrono::milliseconds(0));
  CHECK(code_of([&] { scene.import(scene.plan()); }) == Code::unavailable);
  scene.stores.restart();
  scene.import(scene.plan());
  CHECK(scene.run.message == "1 stored, 1 verified");
}

TEST_CASE("an archive that has no memory for a header just now ends the run, and not the import") {
  Scene scene;
  scene.source.write("a", dicom_file("1.1") + text_of(fermata::archive::testing::large_sequence(1 << 20)));
  {
    fermata::archive::HeaderMemory::Share taken(scene.stores.service->ingest().headers);
    taken.grow_to(256 << 20);
    CHECK(code_of([&] { scene.import(scene.plan()); }) == Code::unavailable);
  }
  scene.import(scene.plan());
  CHECK(scene.run.message == "1 stored, 1 verified");
}

TEST_CASE("a source that is gone is said to be gone") {
  Scene scene;
  auto plan = scene.plan();
  plan.source += "/nothing";
  CHECK(code_of([&] { scene.import(plan); }) == Code::not_found);
}
