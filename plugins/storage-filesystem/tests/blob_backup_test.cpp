#include "blob_backup.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "fermata/testing/blob_store_conformance.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "filesystem_blob_store.hpp"

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;
using fermata::testing::TemporaryFolder;
namespace fs = std::filesystem;

void put(BlobStore& store, std::string_view key, std::string_view text) {
  const auto writer = store.create(key);
  writer->append(std::as_bytes(std::span(text)));
  writer->commit();
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Names and contents of all files, read where the session says that they are.
std::map<std::string, std::string> files(BackupSession& session) {
  std::map<std::string, std::string> found;
  BackupFile file;
  while (session.next(file)) {
    const auto reader = session.open(file.name);
    std::string text(reader->length(), '\0');
    reader->read_at(0, std::as_writable_bytes(std::span(text)));
    if (!file.path.empty()) CHECK(text == text_of(fs::path(file.path)));
    CHECK(text.size() == file.length);
    CHECK(file.version != 0);
    found[std::string(file.name)] = text;
  }
  return found;
}

struct Opened {
  TemporaryFolder folder;
  FilesystemBlobStore store{{folder.path() / "blobs", DurabilityChoice::strict, 0}};
};

}  // namespace

TEST_CASE("a backup has the marker and every blob") {
  Opened opened;
  put(opened.store, "2026/11/22/1/0001.dcm", "one");
  put(opened.store, "2026/11/22/1/0002.dcm", "two");
  const auto session = opened.store.backup().begin();
  session->capture();
  const auto found = files(*session);
  CHECK(found.size() == 3);
  CHECK(found.at("objects/2026/11/22/1/0001.dcm") == "one");
  CHECK(found.at("objects/2026/11/22/1/0002.dcm") == "two");
  CHECK(found.at("fermata-blobs.yaml").find("format: 1") != std::string::npos);
}

TEST_CASE("what is removed during a backup is gone from the store, and in the backup all the same") {
  Opened opened;
  put(opened.store, "a/1", "one");
  put(opened.store, "b/2", "two");
  auto session = opened.store.backup().begin();
  session->capture();
  opened.store.remove("a/1");
  CHECK_THROWS_AS(opened.store.open("a/1"), Error);
  CHECK_THROWS_AS(opened.store.remove("a/1"), Error);
  BlobEntry entry;
  const auto cursor = opened.store.list({});
  REQUIRE(cursor->next(entry));
  CHECK(entry.key == "b/2");
  CHECK_FALSE(cursor->next(entry));
  opened.store.sync();

  const auto found = files(*session);
  CHECK(found.at("objects/a/1") == "one");
  CHECK(found.at("objects/b/2") == "two");
  CHECK(fs::exists(opened.folder.path() / "blobs/held/a/1"));
  session.reset();
  CHECK_FALSE(fs::exists(opened.folder.path() / "blobs/held"));
}

TEST_CASE("a blob is held until the last of two backups has ended") {
  Opened opened;
  put(opened.store, "a", "one");
  auto first = opened.store.backup().begin();
  auto second = opened.store.backup().begin();
  opened.store.remove("a");
  first.reset();
  second->capture();
  CHECK(files(*second).at("objects/a") == "one");
  second.reset();
  put(opened.store, "a", "again");
  opened.store.remove("a");
  CHECK_FALSE(fs::exists(opened.folder.path() / "blobs/held"));
}

TEST_CASE("what a killed program has held goes at the next opening") {
  TemporaryFolder folder;
  const StoreSettings settings{folder.path() / "blobs", DurabilityChoice::strict, 0};
  { FilesystemBlobStore made(settings); }
  fs::create_directories(folder.path() / "blobs/held/a");
  std::ofstream(folder.path() / "blobs/held/a/1") << "one";
  FilesystemBlobStore store(settings);
  CHECK_FALSE(fs::exists(folder.path() / "blobs/held"));
}
