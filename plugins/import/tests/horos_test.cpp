#include <catch2/catch.hpp>

#include "horos_database.hpp"
#include "sources/horos_knowledge.hpp"
#include "sources/horos_paths.hpp"
#include "sources/source_kinds.hpp"

using namespace fermata;
using namespace fermata::imports;
using namespace fermata::imports::testing;

TEST_CASE("files lie in the folder called after the next multiple of 10,000") {
  const Folder folder;
  const HorosPaths paths(folder.path());
  const auto relative = [&](const fs::path& path) { return fs::path(path).lexically_relative(folder.path()).native(); };
  CHECK(relative(paths.numbered(1)) == "DATABASE.noindex/10000/1.dcm");
  CHECK(relative(paths.numbered(9'999)) == "DATABASE.noindex/10000/9999.dcm");
  CHECK(relative(paths.numbered(10'000)) == "DATABASE.noindex/20000/10000.dcm");
  CHECK(relative(paths.numbered(19'999)) == "DATABASE.noindex/20000/19999.dcm");
  CHECK(relative(paths.numbered(20'000)) == "DATABASE.noindex/30000/20000.dcm");
  CHECK(relative(paths.named("10000.jpg")) == "DATABASE.noindex/20000/10000.jpg");
  CHECK(paths.named("/Volumes/CD/IMG1") == "/Volumes/CD/IMG1");
}

TEST_CASE("whatever number a database has for a file, there is a folder for it") {
  const Folder folder;
  const HorosPaths paths(folder.path());
  const auto database = folder.path() / "DATABASE.noindex";
  CHECK(paths.numbered(INT64_MAX) == database / "9223372036854780000/9223372036854775807.dcm");
  CHECK(paths.numbered(INT64_MIN) == database / "10000/-9223372036854775808.dcm");
  CHECK(paths.named("99999999999999999999.jpg") == database / "9223372036854780000/99999999999999999999.jpg");
}

TEST_CASE("somebody may have set another size of folders") {
  const Folder folder;
  fs::create_directories(folder / "DATABASE.noindex/500");
  fs::create_directories(folder / "DATABASE.noindex/1000");
  CHECK(HorosPaths(folder.path()).numbered(500) == folder / "DATABASE.noindex/1000/500.dcm");
  const Folder later;
  fs::create_directories(later / "DATABASE.noindex/30000");  // what was before is deleted
  CHECK(HorosPaths(later.path()).numbered(20'001) == later / "DATABASE.noindex/30000/20001.dcm");
}

TEST_CASE("packed UIDs are unpacked") {
  CHECK(unpacked_uid("\x2b\x3b\x4a\x91") == "1.2.3980");
  CHECK(unpacked_uid("\x2b\x30") == "1.2");
  CHECK(unpacked_uid("").empty());
}

TEST_CASE("a data folder of Horos: its files, linked ones, what is missing, and what its database says") {
  Scene scene;
  const HorosFolder horos(scene.source);
  const Folder elsewhere;
  scene.source.write("DATABASE.noindex/10000/9999.dcm", dicom_file("1.9999", "1.2.1"));
  scene.source.write("DATABASE.noindex/20000/10000.dcm", dicom_file("1.10000", "1.2.1"));
  scene.source.write("DATABASE.noindex/20000/10001.jpg", "\xff\xd8\xff");
  scene.source.write("INCOMING.noindex/new", dicom_file("1.50", "1.2.2"));
  scene.source.write("NOT READABLE/broken", "junk");
  elsewhere.write("CD/IMG1", dicom_file("1.60", "1.2.3"));
  const auto linked = (elsewhere / "CD/IMG1").native();
  horos.run(
      "INSERT INTO ZALBUM (Z_PK, ZNAME, ZSMARTALBUM) VALUES (1, 'Teaching', 0), (2, 'Today', 1), (3, 'Knees', 0);"
      "INSERT INTO ZSTUDY (Z_PK, ZSTUDYINSTANCEUID, ZSTATETEXT, ZLOCKEDSTUDY, ZCOMMENT, ZCOMMENT3) VALUES "
      "(1, '1.2.1', 4, 1, 'Ärztliche Anmerkung', 'third'), (2, '1.2.3', 0, 0, NULL, NULL), (3, '1.2.9', 2, 0, 'x', '');"
      "INSERT INTO Z_1STUDIES VALUES (1, 1), (3, 1), (2, 2);"
      "INSERT INTO ZSERIES (Z_PK, ZSTUDY, ZSERIESDESCRIPTION, ZSERIESDICOMUID, ZCOMMENT) VALUES "
      "(1, 1, 'AX T1', '1.2.1.1', 'blurred'), (2, 1, 'OsiriX ROI SR', '1.2.1.5002', NULL), (3, 2, 'CD', '1.2.3.1', "
      "NULL);"
      "INSERT INTO ZIMAGE (Z_PK, ZSERIES, ZPATHNUMBER, ZPATHSTRING, ZSTOREDISKEYIMAGE, ZCOMPRESSEDSOPINSTANCEUID) "
      "VALUES "
      "(1, 1, 9999, NULL, 1, x'2baaaa'), (2, 1, 10000, NULL, 0, NULL), (3, 1, 10000, NULL, 0, NULL), "
      "(4, 1, 20000, NULL, 0, NULL), (5, 3, NULL, '" +
      linked +
      "', 0, NULL), (6, 3, NULL, '/Volumes/gone/IMG', 0, NULL), "
      "(7, 1, NULL, '10001.jpg', 0, NULL);");
  CHECK(recognised_kind(scene.source.path()) == "horos");
  scene.import(scene.plan("horos"));
  const auto root = scene.source.path().native();
  CHECK(scene.report() ==
        Texts{"DATABASE.noindex/10000/9999.dcm stored", "DATABASE.noindex/20000/10000.dcm stored",
              "DATABASE.noindex/20000/10001.jpg not_dicom: a JPEG file", "Database.sql not_dicom: a database",
              "INCOMING.noindex/new stored", "NOT READABLE/broken not_dicom: no DICOM file",
              root + "/DATABASE.noindex/30000/20000.dcm missing: the database names it, but it is not there",
              linked + " stored",
              "/Volumes/gone/IMG missing: the database links to it, but it is not there: is its volume mounted?",
              "study 1.2.1 noted: labels: Teaching, Knees, status: validated, locked, key images, private SR",
              "study 1.2.9 missing: the database of Horos/OsiriX knows this study, but none of its objects is in the "
              "archive"});
  CHECK(scene.stored() == 4);
  CHECK(scene.notes.labels_of.at("1.2.1") ==
        Texts{"Teaching", "Knees", "status: validated", "locked", "key images", "private SR"});
  CHECK(scene.notes.notes_of.at("1.2.1") ==
        "Horos/OsiriX|Albums: Teaching, Knees\nStatus: validated\nLocked: yes, against automatic deletion\n"
        "Comments: Ärztliche Anmerkung | third\nKey images: 1 (1.9999)\nSeries \"AX T1\": blurred\n"
        "Kept as they are, for Horos and OsiriX only: OsiriX ROI SR 1.2.1.5002");
  CHECK(scene.notes.labels_of.size() == 1);
  for (const auto& entry : fs::directory_iterator(scene.reports.path()))
    CHECK(entry.path().filename().native().find("copy-") == std::string::npos);
}

TEST_CASE("names in a database's schema are names, whatever is in them") {
  Scene scene;
  const HorosFolder horos(scene.source);
  scene.source.write("DATABASE.noindex/10000/1.dcm", dicom_file("1.1", "1.2.1"));
  horos.run(
      "ALTER TABLE Z_1STUDIES RENAME COLUMN Z_1ALBUMS TO \"Z_1ALBUMS FROM ZALBUM; -- \"\"x\";"
      "INSERT INTO ZALBUM (Z_PK, ZNAME, ZSMARTALBUM) VALUES (1, 'Teaching', 0), (2, 'Knees', 0);"
      "INSERT INTO ZSTUDY (Z_PK, ZSTUDYINSTANCEUID) VALUES (1, '1.2.1'); INSERT INTO Z_1STUDIES VALUES (2, 1);");
  scene.import(scene.plan("horos"));
  CHECK(scene.notes.labels_of.at("1.2.1") == Texts{"Knees"});
}

TEST_CASE("a link out of the allowed folders is listed and not read") {
  Scene scene;
  const HorosFolder horos(scene.source);
  const Folder elsewhere;
  const auto linked = elsewhere.write("IMG1", dicom_file("1.60", "1.2.3")).native();
  horos.run("INSERT INTO ZIMAGE (Z_PK, ZPATHSTRING) VALUES (1, '" + linked + "');");
  auto plan = scene.plan("horos");
  plan.folders = {scene.source.path().native()};
  scene.import(plan);
  CHECK(scene.stored() == 0);
  CHECK(scene.report().back() ==
        linked + " unreadable: the database links to it, but it lies outside of the folders that may be imported");
}

TEST_CASE("a database that is being written is read as it was last committed, and never written") {
  const Folder folder, scratch;
  const HorosFolder horos(folder);
  horos.run("PRAGMA journal_mode = WAL;");
  sqlite3* writer = nullptr;
  sqlite3_open((folder / "Database.sql").c_str(), &writer);
  sqlite3_exec(
      writer,
      "PRAGMA wal_autocheckpoint = 0; INSERT INTO ZSTUDY (Z_PK, ZSTUDYINSTANCEUID, ZLOCKEDSTUDY) VALUES (1, '1.2', 1);",
      nullptr, nullptr, nullptr);
  const auto before = fs::last_write_time(folder / "Database.sql");
  {
    HorosKnowledge knowledge(std::make_shared<const DatabaseCopy>(folder / "Database.sql", scratch.path()));
    KnownStudy study;
    REQUIRE(knowledge.next(study));
    CHECK(study.labels == Texts{"locked"});
    CHECK_FALSE(knowledge.next(study));
  }
  CHECK(fs::last_write_time(folder / "Database.sql") == before);
  CHECK(fs::is_empty(scratch.path()));
  sqlite3_close(writer);
}

TEST_CASE("columns that an older version did not have yet are empty") {
  const Folder folder, scratch;
  execute(folder / "Database.sql",
          "CREATE TABLE ZSTUDY (Z_PK INTEGER PRIMARY KEY, ZSTUDYINSTANCEUID VARCHAR, ZCOMMENT VARCHAR);"
          "CREATE TABLE ZSERIES (Z_PK INTEGER PRIMARY KEY, ZSTUDY INTEGER);"
          "CREATE TABLE ZIMAGE (Z_PK INTEGER PRIMARY KEY, ZSERIES INTEGER, ZPATHSTRING VARCHAR);"
          "INSERT INTO ZSTUDY VALUES (1, '1.2', 'note');");
  HorosKnowledge knowledge(std::make_shared<const DatabaseCopy>(folder / "Database.sql", scratch.path()));
  KnownStudy study;
  REQUIRE(knowledge.next(study));
  CHECK(study.note == "Comments: note");
}
