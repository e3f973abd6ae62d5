#include "filesystem_blob_store.hpp"

#include <signal.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "fermata/testing/blob_store_conformance.hpp"
#include "fermata/testing/temporary_folder.hpp"

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;
using fermata::testing::TemporaryFolder;
using namespace fermata::testing::blob_store_checks;
namespace fs = std::filesystem;

StoreSettings settings(const fs::path& root) { return {root, DurabilityChoice::strict, 0}; }

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// Runs `body` in a child process that is then killed, as by kill -9.
template <class F>
void run_and_kill(F&& body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    body();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

/// Passes everything through to StrictDurability, except for what it is told to fail.
class FailingDurability final : public Durability {
 public:
  void settle(const FileDescriptor& file, const std::string& path) override {
    if (fail_settle) throw Error(Code::io, "cannot write " + path + " to disk");
    real_.settle(file, path);
  }
  void make_names_durable(const Changes& changes) override {
    if (fail_names) throw Error(Code::io, "cannot write a folder to disk");
    real_.make_names_durable(changes);
  }
  bool covers_all_folders() const override { return false; }
  std::string_view name() const override { return "failing"; }

  bool fail_settle = false;
  bool fail_names = false;

 private:
  StrictDurability real_;
};

TEST_CASE("a blob is a plain file named by its key") {
  TemporaryFolder folder;
  FilesystemBlobStore store(settings(folder.path()));
  put(store, "2026/11/22/181633042/0007.dcm", some_bytes(1234, 1));
  const auto path = folder.path() / "objects/2026/11/22/181633042/0007.dcm";
  REQUIRE(fs::is_regular_file(path));
  CHECK(fs::file_size(path) == 1234);
  CHECK((fs::status(path).permissions() & fs::perms::others_all) == fs::perms::none);
  CHECK(fs::is_empty(folder.path() / "incoming"));
}

TEST_CASE("a writer without commit leaves no file behind") {
  TemporaryFolder folder;
  FilesystemBlobStore store(settings(folder.path()));
  {
    auto writer = store.create("a/b");
    writer->append(some_bytes(1'000'000, 1));
    CHECK(files_in(folder.path() / "incoming") == 1);
  }
  CHECK(files_in(folder.path() / "incoming") == 0);
  CHECK(files_in(folder.path() / "objects") == 0);
}

TEST_CASE("after a kill between append and commit the blob has never existed") {
  TemporaryFolder folder;
  run_and_kill([&] {
    FilesystemBlobStore store(settings(folder.path()));
    put(store, "done", some_bytes(1000, 1));
    auto writer = store.create("undone");
    writer->append(some_bytes(1'000'000, 2));
    ::kill(::getpid(), SIGKILL);
  });
  CHECK(files_in(folder.path() / "incoming") == 1);
  FilesystemBlobStore store(settings(folder.path()));
  CHECK(store.leftovers() == 1);
  CHECK(keys(store) == std::vector<std::string>{"done"});
  CHECK(get(store, "done") == some_bytes(1000, 1));
  CHECK(files_in(folder.path() / "incoming") == 0);
  put(store, "undone", some_bytes(10, 3));
}

TEST_CASE("kills at any moment lose no committed blob and show no half one") {
  TemporaryFolder folder;
  for (int round = 0; round < 10; ++round) {
    int pipe_ends[2];
    REQUIRE(::pipe(pipe_ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      FilesystemBlobStore store(settings(folder.path()));
      std::vector<std::thread> threads;
      for (uint32_t t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
          for (uint32_t i = 0;; ++i) {
            put(store, std::to_string(round) + "/" + std::to_string(t) + "/" + std::to_string(i),
                some_bytes(300'000, t * 7919 + i));
            const uint32_t acknowledged[2] = {t, i};
            if (::write(pipe_ends[1], acknowledged, sizeof acknowledged) < 0) ::_exit(1);
          }
        });
      for (auto& thread : threads) thread.join();
    }
    ::close(pipe_ends[1]);
    uint32_t entry[2];
    std::vector<std::pair<uint32_t, uint32_t>> acknowledged;
    const auto take = [&] {
      const bool more = ::read(pipe_ends[0], entry, sizeof entry) == sizeof entry;
      if (more) acknowledged.emplace_back(entry[0], entry[1]);
      return more;
    };
    for (int i = 0; i < 7 + round; ++i) REQUIRE(take());
    ::usleep(static_cast<useconds_t>(round * 300));
    ::kill(child, SIGKILL);
    while (take()) {
    }
    ::waitpid(child, nullptr, 0);
    ::close(pipe_ends[0]);

    FilesystemBlobStore store(settings(folder.path()));
    for (const auto& [t, i] : acknowledged)
      CHECK(get(store, std::to_string(round) + "/" + std::to_string(t) + "/" + std::to_string(i)) ==
            some_bytes(300'000, t * 7919 + i));
    auto cursor = store.list("");
    for (BlobEntry blob; cursor->next(blob);) CHECK(blob.length == 300'000);
  }
}

TEST_CASE("what is not a blob is passed over in listings") {
  TemporaryFolder folder;
  FilesystemBlobStore store(settings(folder.path()));
  put(store, "a/b", {});
  std::ofstream(folder.path() / "objects/a/with space") << "x";
  std::ofstream(folder.path() / "objects/a/b~") << "x";
  fs::create_directory(folder.path() / "objects/lost+found");
  std::ofstream(folder.path() / "objects/lost+found/1") << "x";
  fs::create_symlink("b", folder.path() / "objects/a/link");
  fs::create_directory_symlink("a", folder.path() / "objects/link");
  fs::create_directories(folder.path() / "objects/empty/folder");
  CHECK(keys(store) == std::vector<std::string>{"a/b"});
}

TEST_CASE("listing near the end does not read the folders before it") {
  TemporaryFolder folder;
  FilesystemBlobStore store(settings(folder.path()));
  for (const char* key : {"2025/01/01/1", "2025/06/01/1", "2026/01/01/1", "2026/01/02/1", "2026/01/02/2"})
    put(store, key, {});
  const int watch = ::inotify_init1(IN_NONBLOCK);
  REQUIRE(watch >= 0);
  for (const char* early : {"2025", "2025/01/01", "2025/06/01", "2026/01/01"})
    REQUIRE(::inotify_add_watch(watch, (folder.path() / "objects" / early).c_str(), IN_OPEN) >= 0);
  CHECK(keys(store, "2026/01/02/1") == std::vector<std::string>{"2026/01/02/2"});
  char events[4096];
  CHECK(::read(watch, events, sizeof events) < 0);
  CHECK(keys(store).size() == 5);
  CHECK(::read(watch, events, sizeof events) > 0);
  ::close(watch);
}

TEST_CASE("folders that became empty are removed, others stay") {
  TemporaryFolder folder;
  FilesystemBlobStore store(settings(folder.path()));
  put(store, "a/b/c/1", {});
  put(store, "a/x", {});
  store.remove("a/b/c/1");
  CHECK_FALSE(fs::exists(folder.path() / "objects/a/b"));
  CHECK(fs::exists(folder.path() / "objects/a/x"));
  store.remove("a/x");
  CHECK(fs::is_empty(folder.path() / "objects"));
  store.sync();
}

TEST_CASE("more folders than stay open are written to and synced") {
  TemporaryFolder folder;
  FilesystemBlobStore store({folder.path(), DurabilityChoice::strict, 0});
  for (int i = 0; i < 300; ++i)
    for (int j = 0; j < 2; ++j) put(store, std::to_string(i) + "/" + std::to_string(j), {});
  CHECK(keys(store).size() == 600);
  for (int i = 0; i < 300; ++i) store.remove(std::to_string(i) + "/0");
  store.sync();
  CHECK(keys(store).size() == 300);
}

TEST_CASE("a blob cannot stand where a folder is, nor a folder where a blob is") {
  TemporaryFolder folder;
  FilesystemBlobStore store(settings(folder.path()));
  put(store, "a", {});
  require_error(Code::conflict, [&] { put(store, "a/b", {}); });
  put(store, "c/d", {});
  require_error(Code::conflict, [&] { put(store, "c", {}); });
  CHECK(keys(store) == std::vector<std::string>{"a", "c/d"});
  CHECK(fs::is_empty(folder.path() / "incoming"));
}

TEST_CASE("down to the reserve nothing is taken, and the message says why") {
  TemporaryFolder folder;
  const auto free = fs::space(folder.path()).available;
  FilesystemBlobStore store({folder.path(), DurabilityChoice::strict, free * 2});
  CHECK(store.capacity().available == 0);
  require_error(Code::no_space, [&] { store.create("a"); });
  CHECK_THROWS_WITH(store.create("a"), Catch::Contains("`reserve`"));
  FilesystemBlobStore largest({folder.path() / "objects", DurabilityChoice::strict, UINT64_MAX});
  require_error(Code::no_space, [&] { largest.create("a"); });
}

TEST_CASE("what writers hold in memory counts against the reserve") {
  TemporaryFolder folder;
  const auto free = fs::space(folder.path()).available;
  FreeSpace space(folder.path(), free - (uint64_t{512} << 20));
  space.claim(uint64_t{300} << 20);
  require_error(Code::no_space, [&] { space.claim(uint64_t{300} << 20); });
  space.release(uint64_t{300} << 20);
  space.claim(uint64_t{300} << 20);
}

/// A file system of 8 MiB of its own.
class SmallFileSystem {
 public:
  SmallFileSystem() : mounted_(::mount("none", folder_.path().c_str(), "tmpfs", 0, "size=8m,nr_inodes=5000") == 0) {}
  ~SmallFileSystem() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const fs::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  bool mounted_;
};

TEST_CASE("a full file system refuses, keeps what it has, and takes blobs again once there is room") {
  SmallFileSystem small;
  if (!small.mounted()) {
    WARN("mounting a small file system is not permitted here: not tested");
    return;
  }
  const uint64_t reserve = GENERATE(0, 2 << 20);
  FilesystemBlobStore store({small.path(), DurabilityChoice::automatic, reserve});
  put(store, "kept", some_bytes(1'000'000, 1));
  int stored = 0;
  require_error(Code::no_space, [&] {
    for (; stored < 100; ++stored) put(store, "fill/" + std::to_string(stored), some_bytes(500'000, 2));
  });
  CHECK(stored > 5);
  CHECK(fs::space(small.path()).available >= reserve - reserve / 8);
  CHECK(fs::is_empty(small.path() / "incoming"));
  CHECK(keys(store).size() == static_cast<std::size_t>(stored) + 1);
  CHECK(get(store, "kept") == some_bytes(1'000'000, 1));
  for (int i = 0; i < 4; ++i) store.remove("fill/" + std::to_string(i));
  store.sync();
  put(store, "again", some_bytes(500'000, 3));
}

TEST_CASE("a file system without room for more files refuses") {
  SmallFileSystem small;
  if (!small.mounted()) return;
  FilesystemBlobStore store({small.path(), DurabilityChoice::automatic, 0});
  for (int i = 0; i < 4500; ++i) std::ofstream(small.path() / "objects" / ("f" + std::to_string(i)));
  CHECK_THROWS_WITH(store.create("a"), Catch::Contains("inodes"));
}

TEST_CASE("a blob whose data cannot be written is not kept, the next may be") {
  TemporaryFolder folder;
  auto failing = std::make_unique<FailingDurability>();
  auto& disk = *failing;
  FilesystemBlobStore store(settings(folder.path()), std::move(failing));
  disk.fail_settle = true;
  require_error(Code::io, [&] { put(store, "a", some_bytes(10, 1)); });
  CHECK(keys(store).empty());
  CHECK(fs::is_empty(folder.path() / "incoming"));
  disk.fail_settle = false;
  put(store, "a", some_bytes(10, 1));
}

TEST_CASE("after a failed journal commit the blob is removed and no other taken until the store is opened again") {
  TemporaryFolder folder;
  {
    auto failing = std::make_unique<FailingDurability>();
    auto& disk = *failing;
    FilesystemBlobStore store(settings(folder.path()), std::move(failing));
    put(store, "before", some_bytes(10, 1));
    disk.fail_names = true;
    require_error(Code::io, [&] { put(store, "a/b", some_bytes(10, 1)); });
    disk.fail_names = false;
    require_error(Code::io, [&] { put(store, "c", some_bytes(10, 1)); });
    CHECK(keys(store) == std::vector<std::string>{"before"});
    CHECK(get(store, "before") == some_bytes(10, 1));
    store.remove("before");
    require_error(Code::io, [&] { store.sync(); });
  }
  FilesystemBlobStore store(settings(folder.path()));
  put(store, "c", some_bytes(10, 1));
}

TEST_CASE("file systems that do not commit in order are told from those that do") {
  SmallFileSystem small;
  if (!small.mounted()) return;
  CHECK(FilesystemBlobStore({small.path(), DurabilityChoice::automatic, 0}).durability() == "strict");
}

}  // namespace
