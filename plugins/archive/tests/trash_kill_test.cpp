#include <catch2/catch.hpp>

#include <filesystem>
#include <random>
#include <thread>

#include "archive_fixture.hpp"
#include "fermata/testing/killed_process.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "filesystem_blob_store.hpp"
#include "integrity/verify.hpp"
#include "rocks_index.hpp"
#include "rocks_state_store.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using fermata::testing::run_and_kill;
using fermata::testing::Say;

namespace {

constexpr uint64_t kInstances = 60;
constexpr std::string_view kStudy = "1.1";
constexpr int64_t kNotDue = 2'000'000'000'000'000;

struct Folder : fermata::testing::TemporaryFolder {
  Folder() { std::filesystem::create_directories(path() / "blobs"); }
};

/// The archive on the stores it has in earnest. Opened by child processes only, for it has threads.
struct RealArchive {
  explicit RealArchive(const Folder& folder)
      : blobs({(folder.path() / "blobs").string()}),
        database({folder.path() / "index"}),
        index(database),
        state(database),
        service(blobs, index, state, {}, {}, Journal{}) {
    service.serve();
  }
  uint64_t visible() { return index.statistics().instances; }
  uint64_t discarded() {
    DiscardedStudy study;
    return service.trash().list()->next(study) ? study.instances : 0;
  }

  storage_filesystem::FilesystemBlobStore blobs;
  index_rocksdb::Database database;
  index_rocksdb::RocksIndex index;
  index_rocksdb::RocksStateStore state;
  ArchiveService service;
};

Object instance(uint64_t number) {
  Object o;
  o.study = kStudy;
  o.series = "1.1.1";
  o.sop_instance = "1.1.1." + std::to_string(number);
  return o;
}

void fill(const Folder& folder, const Say& say) {
  RealArchive archive(folder);
  for (uint64_t i = 1; i <= kInstances; ++i)
    if (store(archive.service, instance(i).encode(), kExplicitLittle).kind != StoreOutcome::Kind::stored)
      say("an instance is not stored");
  archive.service.drain({});
}

/// Says how time goes by, so that it is killed anywhere.
void discard_and_restore_for_ever(const Folder& folder, const Say& say) {
  std::thread([&say] {
    for (;;) {
      say("tick");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }).detach();
  RealArchive archive(folder);
  for (;;) {
    if (archive.discarded() != 0) archive.service.trash().restore(kStudy);
    archive.service.trash().discard(kStudy, "ann", kNotDue);
  }
}

/// Says what is wrong.
void inspect(const Folder& folder, const Say& say) {
  RealArchive archive(folder);
  archive.service.trash().tend(0);
  const auto visible = archive.visible();
  if (visible + archive.discarded() != kInstances || (visible != 0 && visible != kInstances))
    say(std::to_string(visible) + " visible, " + std::to_string(archive.discarded()) + " discarded");
  if (visible == 0) archive.service.trash().restore(kStudy);
  for (uint64_t i = 1; i <= kInstances; ++i) {
    const auto object = instance(i);
    const auto found = find_instance(archive.index, object.sop_instance);
    if (!found)
      say(object.sop_instance + " is lost");
    else if (read_all(*archive.service.open(found->record())) != object.encode())
      say(object.sop_instance + " has the wrong content");
  }
  Verification(archive.blobs, archive.index, archive.state, {})
      .run([&](std::string_view key, std::string_view what) { say(std::string(key) + ": " + std::string(what)); },
           [](const VerifyReport&) {});
  archive.service.drain({});
}

}  // namespace

TEST_CASE("a process that is killed again and again while it discards and restores loses nothing") {
  const Folder folder;
  const auto in_child = [&](std::size_t lines, void (*work)(const Folder&, const Say&)) {
    return run_and_kill(lines, [&](const Say& say) { work(folder, say); });
  };
  const std::vector<std::string> nothing;
  CHECK(in_child(SIZE_MAX, fill) == nothing);
  std::mt19937 random(1);
  for (int round = 0; round < 12; ++round) {
    INFO("round " << round);
    in_child(10 + random() % 150, discard_and_restore_for_ever);
    CHECK(in_child(SIZE_MAX, inspect) == nothing);
  }
}
