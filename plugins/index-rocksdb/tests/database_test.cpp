#include "database.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "encoding.hpp"
#include "fermata/testing/index_probe.hpp"
#include "keys.hpp"
#include "opened_index.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;

TEST_CASE("an index of a newer format is refused with both versions in the message") {
  TemporaryFolder folder;
  {
    Database database({folder.path()});
    rocksdb::WriteBatch batch;
    batch.Put("format", Encoder().varint(Database::kFormat + 41).take());
    database.write(batch, true);
    rocksdb::ColumnFamilyHandle* more = nullptr;
    REQUIRE(database.db().CreateColumnFamily({}, "of the future", &more).ok());
    database.db().DestroyColumnFamilyHandle(more);
  }
  try {
    Database database({folder.path()});
    FAIL("it was opened");
  } catch (const Error& e) {
    CHECK(e.code() == Code::unsupported);
    CHECK(std::string(e.what()).find("format 43") != std::string::npos);
    CHECK(std::string(e.what()).find("format 2") != std::string::npos);
  }
}

namespace {

std::size_t files_beside_tables(const TemporaryFolder& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    if (entry.path().extension() == ".blob") ++count;
  return count;
}

}  // namespace

TEST_CASE("a very large header is kept beside the tables, and its file goes with it") {
  OpenedIndex opened;
  const std::string large(3 << 20, 'x');
  const std::string other(2 << 20, 'y');
  const auto write = [&](auto&& change) {
    rocksdb::WriteBatch batch;
    change(batch, (*opened.database)[Family::headers]);
    opened.database->write(batch, true);
    check(opened.database->db().Flush({}, (*opened.database)[Family::headers]), "arranging");
  };
  write([&](auto& batch, auto* headers) {
    batch.Put(headers, "a", large);
    batch.Put(headers, "small", "a header");
  });
  write([&](auto& batch, auto* headers) { batch.Put(headers, "b", other); });
  CHECK(files_beside_tables(opened.folder) == 2);
  opened.reopen();
  std::string value;
  CHECK((opened.database->get(Family::headers, "a", value) && value == large));
  CHECK((opened.database->get(Family::headers, "small", value) && value == "a header"));
  write([&](auto& batch, auto* headers) { batch.Delete(headers, "a"); });
  opened.database->reclaim(Family::headers);
  CHECK(files_beside_tables(opened.folder) == 1);
  CHECK((opened.database->get(Family::headers, "b", value) && value == other));
}

TEST_CASE("an index that another process has open is refused") {
  TemporaryFolder folder;
  int ready[2];
  int done[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(done) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    char byte = 1;
    {
      Database database({folder.path()});
      if (::write(ready[1], &byte, 1) != 1 || ::read(done[0], &byte, 1) != 1) ::_exit(1);
    }
    ::_exit(0);
  }
  char byte = 0;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  try {
    Database database({folder.path()});
    FAIL("it was opened twice");
  } catch (const Error& e) {
    CHECK(e.code() == Code::unavailable);
    CHECK(std::string(e.what()).find("another process") != std::string::npos);
  }
  REQUIRE(::write(done[1], &byte, 1) == 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
  for (const int fd : {ready[0], ready[1], done[0], done[1]}) ::close(fd);
}

TEST_CASE("a folder that can't be made is an error that names it") {
  CHECK_THROWS_WITH(Database({"/proc/no/such/place"}), Catch::Contains("/proc/no/such/place"));
}

TEST_CASE("a damaged record is an error that names the study, and other studies stay readable") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  probe.store(testing::SampleInstance("1.1", "1.1.1", "1.1.1.1"));
  probe.store(testing::SampleInstance("1.2", "1.2.1", "1.2.1.1"));
  rocksdb::WriteBatch batch;
  batch.Put((*opened.database)[Family::records], study_counts_key("1.1"), "\x01\xff");
  opened.database->write(batch, false);
  namespace a = testing::attribute;
  const auto by_uid = [&](const char* uid) {
    return probe.find(Level::study, testing::keys({{a::study_instance_uid, uid}, {a::study_related_instances, ""}}));
  };
  CHECK(by_uid("1.2").size() == 1);
  CHECK_THROWS_WITH(by_uid("1.1"), Catch::Contains("study 1.1"));
  RocksIndex another(*opened.database);  // the one that wrote the study remembers it
  CHECK_THROWS_AS(another.begin("1.1"), Error);
}
