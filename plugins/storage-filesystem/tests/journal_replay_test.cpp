#include "journal_replay.hpp"

#include <thread>

#include "journaled_store.hpp"

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;

TEST_CASE("older programs refuse a folder whose journal is in use, and take it after a clean end") {
  TemporaryFolder folder;
  {
    FilesystemBlobStore store(journaled(folder.path()));
    CHECK(layout_of(folder.path()) == "format: 2\n");
    put(store, "a", some_bytes(10, 1));
    CHECK(text_of(folder.path() / "fermata-blobs.yaml") == RootFolder::marker_text(RootFolder::Layout::journaled));
  }
  CHECK(layout_of(folder.path()) == "format: 1\n");
  run_and_kill(journaled(folder.path()), [](auto& store) { put(store, "b", some_bytes(10, 1)); });
  CHECK(layout_of(folder.path()) == "format: 2\n");
  auto off = journaled(folder.path());
  off.journal.largest = 0;
  FilesystemBlobStore store(off);  // what is in the journal counts, even where none is wanted any more
  CHECK(store.replayed() == 1);
  CHECK(layout_of(folder.path()) == "format: 1\n");
  CHECK(keys(store) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("files that a power cut has spoilt are written anew from the journal") {
  TemporaryFolder folder;
  run_and_kill(journaled(folder.path()), [](auto& store) {
    put(store, "x/whole", some_bytes(900, 1));
    put(store, "x/empty", some_bytes(1000, 2));
    put(store, "y/gone", some_bytes(1100, 3));
    put(store, "nothing", {});
  });
  lose_content(folder.path(), "x/empty");
  lose_name(folder.path(), "y/gone");
  fs::remove(folder.path() / "objects/y");
  lose_name(folder.path(), "nothing");
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(store.replayed() == 4);
  CHECK(keys(store) == std::vector<std::string>{"nothing", "x/empty", "x/whole", "y/gone"});
  CHECK(get(store, "x/whole") == some_bytes(900, 1));
  CHECK(get(store, "x/empty") == some_bytes(1000, 2));
  CHECK(get(store, "y/gone") == some_bytes(1100, 3));
  CHECK(get(store, "nothing").empty());
  CHECK(fs::is_empty(folder.path() / "incoming"));
  CHECK(records_in(folder.path()) == 0);
}

TEST_CASE("a removed blob is not brought back by the journal, nor is half of it") {
  TemporaryFolder folder;
  run_and_kill(journaled(folder.path()), [](auto& store) {
    for (const char* key : {"a/1", "a/2", "b/3"}) put(store, key, some_bytes(500, 1));
    store.remove("a/1");
    store.remove("b/3");
    store.sync();
  });
  bring_back_half(folder.path(), "b/3");
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(keys(store) == std::vector<std::string>{"a/2"});
  CHECK_FALSE(fs::exists(folder.path() / "objects/b"));
}

TEST_CASE("of a key that was used again the last blob counts, whichever way it came") {
  TemporaryFolder folder;
  run_and_kill(journaled(folder.path()), [](auto& store) {
    for (const char* key : {"small", "large"}) {
      put(store, key, some_bytes(500, 1));
      store.remove(key);
    }
    put(store, "large", some_bytes(kLarge, 2));
    put(store, "small", some_bytes(600, 3));
  });
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(get(store, "large") == some_bytes(kLarge, 2));
  CHECK(get(store, "small") == some_bytes(600, 3));
}

TEST_CASE("segments are used again, and what was settled does not come back") {
  TemporaryFolder folder;
  run_and_kill(journaled(folder.path()), [](auto& store) {
    for (int i = 0; i < 300; ++i) put(store, "a/" + std::to_string(i), some_bytes(2000, 1));
    for (int i = 0; i < 300; ++i) store.remove("a/" + std::to_string(i));
    store.sync();
    put(store, "last", some_bytes(100, 1));
  });
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(keys(store) == std::vector<std::string>{"last"});
  CHECK(store.replayed() < 70);
}

TEST_CASE("a blob that could not get its name is taken back from the journal") {
  TemporaryFolder folder;
  const auto stolen = folder.path() / "objects/stolen";
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Watched opened(journaled(folder.path()));
    put(opened.store, "b", some_bytes(10, 1));
    opened.disk.in_flush = [&] { fs::create_directory(stolen); };  // behind the look at whether the key is free
    try {
      put(opened.store, "stolen", some_bytes(10, 1));
    } catch (const Error& error) {
      if (error.code() == Code::conflict && records_in(folder.path()) == 3) ::kill(::getpid(), SIGKILL);
    }
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  fs::remove(stolen);
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(keys(store) == std::vector<std::string>{"b"});
}

TEST_CASE("a replay that fails can be done again") {
  TemporaryFolder folder;
  run_and_kill(journaled(folder.path()), [](auto& store) { put(store, "a", some_bytes(10, 1)); });
  lose_content(folder.path(), "a");
  auto failing = std::make_unique<WatchedDurability>();
  failing->in_settling = [] { throw Error(Code::io, "cannot write everything"); };
  require_error(Code::io, [&] { FilesystemBlobStore(journaled(folder.path()), std::move(failing)); });
  CHECK(records_in(folder.path()) == 1);
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(store.replayed() == 1);
  CHECK(get(store, "a") == some_bytes(10, 1));
}

TEST_CASE("a journal is settled after a while, and its blobs are no longer written anew") {
  TemporaryFolder folder;
  run_and_kill(
      [&] {
        auto settings = journaled(folder.path());
        settings.journal.settle_after = std::chrono::milliseconds(1);
        return settings;
      }(),
      [&](auto& store) {
        put(store, "a", some_bytes(10, 1));
        while (records_in(folder.path()) != 0) std::this_thread::yield();
      });
  FilesystemBlobStore store(journaled(folder.path()));
  CHECK(store.replayed() == 0);
  CHECK(get(store, "a") == some_bytes(10, 1));
}

}  // namespace
