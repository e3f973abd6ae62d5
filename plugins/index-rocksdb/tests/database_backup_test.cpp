#include "database_backup.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "opened_index.hpp"

namespace {

using namespace fermata;
using namespace fermata::index_rocksdb;
namespace fs = std::filesystem;

void put(StateStore& store, std::string_view id, std::string_view text) {
  store.put("test", id, std::as_bytes(std::span(text)), StateStore::kAny);
}

std::size_t documents(StateStore& store) {
  std::size_t count = 0;
  const auto cursor = store.list("test", "");
  for (Document document; cursor->next(document);) ++count;
  return count;
}

/// Copies what a session gives into a folder, as a backup does.
void copy(BackupSession& session, const fs::path& folder) {
  fs::create_directories(folder);
  BackupFile file;
  while (session.next(file)) {
    CHECK(session.open(file.name)->length() == file.length);
    fs::copy_file(fs::path(file.path), folder / file.name);
  }
}

}  // namespace

TEST_CASE("a backup of the database is the database at the moment of its capture") {
  OpenedIndex opened;
  DatabaseBackup backup(*opened.database);
  CHECK(backup.place() == opened.folder.path().string());
  put(*opened.store, "before", "1");
  TemporaryFolder elsewhere;
  {
    const auto session = backup.begin();
    session->capture();
    put(*opened.store, "after", "2");
    copy(*session, elsewhere.path() / "index");
  }
  CHECK(documents(*opened.store) == 2);
  CHECK_FALSE(fs::exists(opened.folder.path() / "backup.checkpoint"));

  Database restored(DatabaseSettings{elsewhere.path() / "index"});
  RocksStateStore store(restored);
  CHECK(documents(store) == 1);
}

TEST_CASE("one backup of the database is made at a time, and what a killed program has left goes") {
  OpenedIndex opened;
  fs::create_directories(opened.folder.path() / "backup.checkpoint");
  fs::create_directories(opened.folder.path() / "backup.checkpoint.tmp");
  DatabaseBackup backup(*opened.database);
  CHECK_FALSE(fs::exists(opened.folder.path() / "backup.checkpoint"));
  CHECK_FALSE(fs::exists(opened.folder.path() / "backup.checkpoint.tmp"));
  auto session = backup.begin();
  CHECK_THROWS_AS(backup.begin(), Error);
  session.reset();
  backup.begin()->capture();
}
