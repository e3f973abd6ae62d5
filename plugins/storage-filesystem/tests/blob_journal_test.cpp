#include "blob_journal.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "journaled_store.hpp"

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;

TEST_CASE("a small blob is a plain file at once, after one flush") {
  TemporaryFolder folder;
  {
    Watched opened(journaled(folder.path()));
    const int before = opened.disk.flushes;
    put(opened.store, "2026/1/a", some_bytes(1200, 1));
    CHECK(opened.disk.flushes == before + 1);
    CHECK(opened.disk.waits == 0);
    CHECK(fs::file_size(folder.path() / "objects/2026/1/a") == 1200);
    CHECK(get(opened.store, "2026/1/a") == some_bytes(1200, 1));
    CHECK(fs::is_empty(folder.path() / "incoming"));
    CHECK(records_in(folder.path()) == 1);
    put(opened.store, "2026/1/b", some_bytes(kLarge, 1));
    CHECK(opened.disk.waits == 2);
    CHECK(records_in(folder.path()) == 1);
  }
  CHECK(records_in(folder.path()) == 0);
}

TEST_CASE("what the journal has no room for goes the other way meanwhile") {
  TemporaryFolder folder;
  std::mutex mutex;
  std::condition_variable changed;
  bool go_on = false;
  Watched opened(journaled(folder.path()));
  opened.disk.in_settling = [&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return go_on; });
  };
  for (int i = 0; i < 100; ++i) put(opened.store, "a/" + std::to_string(i), some_bytes(2000, 1));
  CHECK(opened.disk.waits > 50);
  CHECK(records_in(folder.path()) > 10);
  {
    const std::lock_guard lock(mutex);
    go_on = true;
  }
  changed.notify_all();
  CHECK(keys(opened.store).size() == 100);
}

TEST_CASE("conflicts are told before anything is in the journal") {
  TemporaryFolder folder;
  FilesystemBlobStore store(journaled(folder.path()));
  put(store, "a", some_bytes(10, 1));
  put(store, "c/d", some_bytes(10, 1));
  for (const char* key : {"a", "a/b", "c"}) require_error(Code::conflict, [&] { put(store, key, some_bytes(10, 2)); });
  CHECK(records_in(folder.path()) == 2);
  CHECK(get(store, "a") == some_bytes(10, 1));
  CHECK(fs::is_empty(folder.path() / "incoming"));
}

TEST_CASE("a blob whose file can't be made is refused, and does not come out of the journal") {
  TemporaryFolder folder;
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    FilesystemBlobStore store(journaled(folder.path()));
    put(store, "a", some_bytes(10, 1));
    fs::remove(folder.path() / "incoming");  // the record comes before the file
    try {
      put(store, "b", some_bytes(10, 1));
    } catch (const Error&) {
      if (records_in(folder.path()) == 3) ::kill(::getpid(), SIGKILL);
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(keys(store) == std::vector<std::string>{"a"});
}

TEST_CASE("after a failed flush the blob does not turn up, and no other is taken until the store is opened again") {
  TemporaryFolder folder;
  {
    Watched opened(journaled(folder.path()));
    put(opened.store, "before", some_bytes(10, 1));
    opened.disk.in_flush = [] { throw Error(Code::io, "cannot write to disk"); };
    require_error(Code::io, [&] { put(opened.store, "a", some_bytes(10, 1)); });
    opened.disk.in_flush = {};
    require_error(Code::io, [&] { put(opened.store, "b", some_bytes(10, 1)); });
    require_error(Code::io, [&] { put(opened.store, "c", some_bytes(kLarge, 1)); });
    CHECK_THROWS_WITH(put(opened.store, "b", {}), Catch::Contains("restart Fermata"));
    CHECK(keys(opened.store) == std::vector<std::string>{"before"});
  }
  lose_content(folder.path(), "before");
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(keys(store) == std::vector<std::string>{"before"});
  CHECK(get(store, "before") == some_bytes(10, 1));
  put(store, "a", some_bytes(10, 1));
}

TEST_CASE("a record that is flushed only after the store has stopped is not read again") {
  TemporaryFolder folder;
  const RootFolder root(folder.path());
  StrictDurability durability;
  Soundness soundness;
  BlobJournal journal(root, journaled(folder.path()).journal, durability, soundness);
  {
    auto entry = journal.begin_blob("a", some_bytes(10, 1));
    REQUIRE(entry);
    journal.confirm(*entry);
  }
  journal.record_removal("a");
  REQUIRE(records_in(folder.path()) == 2);
  soundness.doubt(Error(Code::io, "cannot write everything"));  // as where settling fails just now
  CHECK_THROWS_WITH(journal.flush(), Catch::Contains("cannot write everything"));
  CHECK(records_in(folder.path()) == 1);
}

TEST_CASE("an error while settling stops the store, and the next opening writes the files anew") {
  TemporaryFolder folder;
  {
    Watched opened(journaled(folder.path()));
    opened.disk.in_settling = [] { throw Error(Code::io, "cannot write everything"); };
    put(opened.store, "a/0", some_bytes(2000, 0));
    const auto fill = [&] {
      for (uint32_t i = 1; i < 1000; ++i) put(opened.store, "a/" + std::to_string(i), some_bytes(2000, i));
    };
    CHECK_THROWS_WITH(fill(), Catch::Contains("cannot write everything"));
    opened.disk.in_settling = {};
    require_error(Code::io, [&] { put(opened.store, "b", some_bytes(10, 1)); });
  }
  CHECK(layout_of(folder.path()) == "format: 2\n");
  lose_content(folder.path(), "a/0");
  lose_name(folder.path(), "a/7");
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(store.replayed() > 10);
  CHECK(get(store, "a/0") == some_bytes(2000, 0));
  CHECK(get(store, "a/7") == some_bytes(2000, 7));
}

TEST_CASE(
    "when the store stops, what it has confirmed is there after the next opening, and nothing that it has refused") {
  for (int attempt = 0; attempt < 5; ++attempt) {
    TemporaryFolder folder;
    std::mutex mutex;
    std::vector<std::string> confirmed;
    {
      Watched opened(journaled(folder.path()));
      thread_local bool writes = false;
      // Those who write are told of their flush when settling, which flushes for all of them, has failed already.
      opened.disk.in_flush = [] {
        if (writes) std::this_thread::sleep_for(std::chrono::milliseconds(2));
      };
      opened.disk.in_settling = [] { throw Error(Code::io, "cannot write everything"); };
      const auto put_until_refused = [&](const std::string& name) {
        writes = true;
        for (uint32_t i = 0;; ++i) {
          const auto key = name + "/" + std::to_string(i);
          try {
            put(opened.store, key, some_bytes(3000, i));
          } catch (const Error&) {
            return;
          }
          const std::lock_guard lock(mutex);
          confirmed.push_back(key);
        }
      };
      std::vector<std::thread> threads;
      for (const char* name : {"a", "b", "c", "d", "e", "f"}) threads.emplace_back(put_until_refused, name);
      for (auto& thread : threads) thread.join();
    }
    std::sort(confirmed.begin(), confirmed.end());
    FilesystemBlobStore store(journaled(folder.path()));
    auto found = keys(store);
    std::sort(found.begin(), found.end());
    REQUIRE(found == confirmed);
  }
}

TEST_CASE("without room for a journal there is none") {
  TemporaryFolder folder;
  auto settings = journaled(folder.path());
  settings.journal.segment_bytes = uint64_t{1} << 50;
  FilesystemBlobStore store(settings);
  CHECK_THAT(store.without_journal(), Catch::Contains("reserve"));
  CHECK(layout_of(folder.path()) == "format: 1\n");
  put(store, "a", some_bytes(10, 1));
  CHECK(get(store, "a") == some_bytes(10, 1));
}

}  // namespace
