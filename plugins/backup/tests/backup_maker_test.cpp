#include "backup_maker.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "backup_check.hpp"
#include "backup_work.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "scene.hpp"

namespace {

using namespace fermata;
using namespace fermata::backup;
using fermata::testing::code_of;

/// Passes everything on: a list of sources owns its members.
class Borrowed final : public BackupSource {
 public:
  explicit Borrowed(BackupSource& source) : source_(source) {}
  std::string_view place() override { return source_.place(); }
  std::unique_ptr<BackupSession> begin() override { return source_.begin(); }

 private:
  BackupSource& source_;
};

struct Scene {
  Folder folder;
  FolderSource blobs{folder / "data/blobs"};
  FolderSource index{folder / "data/index"};
  std::vector<Named<BackupSource>> sources;

  Scene() {
    sources.push_back({"storage", std::make_unique<Borrowed>(blobs)});
    sources.push_back({"index", std::make_unique<Borrowed>(index)});
    put("blobs/objects/1", "first", 11);
    put("blobs/objects/2", "second", 12);
    put("index/CURRENT", "MANIFEST-1", 0);
  }
  void put(const std::string& name, std::string_view text, uint64_t version) {
    write(folder / ("data/" + name), text);
    const bool blob = name.compare(0, 6, "blobs/") == 0;
    (blob ? blobs : index).versions[name.substr(6)] = version;
  }
  BackupReport back_up(
      const Cancelled& cancelled = [] { return false; }, Method method = Method::automatic) {
    Destination destination(folder / "backups", Destination::Missing::make);
    return BackupMaker(sources, method, false, {})
        .make(
            destination, "request", [](const auto&) {}, cancelled);
  }
  fs::path backup(const std::string& name) { return folder / ("backups/" + name); }
  std::vector<std::string> backups() { return backups_in(folder / "backups"); }
  uint64_t problems(const std::string& name) {
    return BackupCheck()
        .run(
            backup(name), [](const auto&, const auto&) {}, [](const auto&) {}, [] { return false; })
        .problems;
  }
};

ino_t inode(const fs::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_ino;
}

}  // namespace

TEST_CASE("a backup has every file of every source, and a list of them with checksums") {
  Scene scene;
  const auto report = scene.back_up();
  CHECK(report.files == 3);
  CHECK(report.new_files == 3);
  auto files = files_in(scene.backup(report.name));
  CHECK(files.at("storage/objects/1") == "first");
  CHECK(files.at("index/CURRENT") == "MANIFEST-1");
  CHECK(files.at("manifest.txt").find("source storage " + (scene.folder / "data/blobs").string()) != std::string::npos);
  CHECK(files.size() == 4);
  CHECK(scene.problems(report.name) == 0);
  CHECK(scene.blobs.captures == 1);
  CHECK_FALSE(fs::exists(scene.folder / "backups/unfinished"));
}

TEST_CASE("a second backup takes from the first what is still the same") {
  Scene scene;
  const auto first = scene.back_up().name;
  scene.put("blobs/objects/2", "SECOND", 22);  // the same length, another time
  scene.put("blobs/objects/3", "third", 13);
  scene.put("index/OPTIONS", "x", 0);
  const auto report = scene.back_up();
  CHECK(report.files == 5);
  CHECK(report.new_files == 3);
  CHECK(inode(scene.backup(first) / "storage/objects/1") == inode(scene.backup(report.name) / "storage/objects/1"));
  CHECK(inode(scene.backup(first) / "index/CURRENT") == inode(scene.backup(report.name) / "index/CURRENT"));
  CHECK(text_of(scene.backup(first) / "storage/objects/2") == "second");
  CHECK(text_of(scene.backup(report.name) / "storage/objects/2") == "SECOND");
  CHECK(scene.problems(first) == 0);
  CHECK(scene.problems(report.name) == 0);
}

TEST_CASE("a file without a time is compared by its content") {
  Scene scene;
  const auto first = scene.back_up().name;
  scene.put("index/CURRENT", "MANIFEST-2", 0);
  const auto second = scene.back_up();
  CHECK(second.new_files == 1);
  CHECK(text_of(scene.backup(second.name) / "index/CURRENT") == "MANIFEST-2");
  CHECK(text_of(scene.backup(first) / "index/CURRENT") == "MANIFEST-1");
}

TEST_CASE("rot in the store does not get into the next backup") {
  Scene scene;
  scene.back_up();
  write(scene.folder / "data/blobs/objects/1", "fXrst");  // its time, which is what the source says, stays
  const auto second = scene.back_up();
  CHECK(text_of(scene.backup(second.name) / "storage/objects/1") == "first");
}

TEST_CASE("an interrupted backup is none, and the next goes on with it") {
  Scene scene;
  int asked = 0;
  CHECK_THROWS_AS(scene.back_up([&] { return ++asked > 4; }), Interrupted);
  CHECK(scene.backups().empty());
  CHECK(code_of([&] { find_backup(scene.folder / "backups"); }) == Code::not_found);

  // As after a kill: what the list names is there, what is beside it is not looked at.
  {
    Destination destination(scene.folder / "backups", Destination::Missing::refuse);
    destination.begin();
    ManifestWriter list(destination.unfinished(), "request", {{"storage", "/x"}});
    write(destination.unfinished() / "storage/objects/1", "first");
    write(destination.unfinished() / "storage/objects/2", "half");
    FileCopy copy([] { return false; });
    const auto content = copy.read(destination.unfinished() / "storage/objects/1");
    list.add({content.checksum, content.length, 11, "storage/objects/1"});
    list.flush();
  }
  const auto report = scene.back_up();
  CHECK(report.files == 3);
  CHECK(report.new_files == 2);
  CHECK(text_of(scene.backup(report.name) / "storage/objects/2") == "second");
  CHECK(scene.problems(report.name) == 0);
  CHECK_FALSE(fs::exists(scene.folder / "backups/interrupted"));
}

TEST_CASE("with links, a backup takes no room where it is on the same file system") {
  Scene scene;
  const auto report = scene.back_up([] { return false; }, Method::link);
  CHECK(inode(scene.folder / "data/blobs/objects/1") == inode(scene.backup(report.name) / "storage/objects/1"));
  CHECK(scene.problems(report.name) == 0);
}

TEST_CASE("a file that goes while the backup is made is left out") {
  Scene scene;
  scene.blobs.before_each = [&](const std::string& name) {
    if (name == "objects/2") fs::remove(scene.folder / "data/blobs/objects/2");
  };
  const auto report = scene.back_up();
  CHECK(report.files == 2);
  CHECK(scene.problems(report.name) == 0);
}

TEST_CASE("a folder that belongs to something else does not become one of backups") {
  Scene scene;
  write(scene.folder / "photos/1.jpg", "x");
  CHECK(code_of([&] { Destination(scene.folder / "photos", Destination::Missing::make); }) == Code::invalid);
  CHECK(code_of([&] { Destination(scene.folder / "nowhere", Destination::Missing::refuse); }) == Code::not_found);
  CHECK_FALSE(fs::exists(scene.folder / "nowhere"));
  fs::create_directories(scene.folder / "mount-point");
  CHECK(code_of([&] { Destination(scene.folder / "mount-point", Destination::Missing::refuse); }) == Code::not_found);
  const Destination held(scene.folder / "backups", Destination::Missing::make);
  CHECK(code_of([&] { Destination(scene.folder / "backups", Destination::Missing::make); }) == Code::unavailable);
  write(scene.folder / "newer/fermata-backups.yaml", "# x\nformat: 2\n");
  CHECK(code_of([&] { Destination(scene.folder / "newer", Destination::Missing::make); }) == Code::unsupported);
}

TEST_CASE("commands before and after are told what happens, and one before can stop the backup") {
  Scene scene;
  const auto notes = (scene.folder / "notes").string();
  WorkSettings settings;
  settings.before = {{"sh", "-c", "echo before $FERMATA_BACKUPS >> " + notes}};
  settings.after = {{"sh", "-c", "echo after $FERMATA_BACKUP_RESULT >> " + notes}, {"/no/such/program"}};
  BackupWork work(std::move(scene.sources), settings, {});
  const auto run = [&](BackupWork& with, const std::string& id) {
    return with.run(
        scene.folder / "backups", Destination::Missing::make, id, [](const auto&) {}, [] { return false; });
  };
  CHECK_FALSE(run(work, "a").name.empty());
  CHECK(text_of(notes) == "before " + (scene.folder / "backups").string() + "\nafter done\n");
  CHECK(run(work, "a").name.empty());  // the same request again, as after a restart
  CHECK(scene.backups().size() == 1);

  Scene other;
  settings.before = {{"false"}};
  settings.after = {{"sh", "-c", "echo after $FERMATA_BACKUP_RESULT >> " + notes}};
  BackupWork stopped(std::move(other.sources), settings, {});
  CHECK(code_of([&] { run(stopped, "b"); }) == Code::unavailable);
  CHECK(scene.backups().size() == 1);
  CHECK(text_of(notes).find("after failed\n") != std::string::npos);
  settings.before = {{"sleep", "60"}};
  settings.hook_limit = std::chrono::milliseconds(50);
  BackupWork slow({}, settings, {});
  CHECK(code_of([&] { run(slow, "c"); }) == Code::unavailable);
}

TEST_CASE("old backups go as the configuration says") {
  Scene scene;
  WorkSettings settings;
  settings.keep.last = 2;
  BackupWork work(std::move(scene.sources), settings, {});
  for (const auto* id : {"a", "b", "c"})
    work.run(
        scene.folder / "backups", Destination::Missing::make, id, [](const auto&) {}, [] { return false; });
  CHECK(scene.backups().size() == 2);
  CHECK_FALSE(fs::exists(scene.folder / "backups/removing"));
  for (const auto& name : scene.backups()) CHECK(scene.problems(name) == 0);
}

namespace {

/// Backups of which only the latest is kept.
struct KeepingOne : Scene {
  BackupWork work = [this] {
    WorkSettings settings;
    settings.keep.daily = 1;
    return BackupWork(std::move(sources), settings, {});
  }();
  BackupReport run() {
    return work.run(
        folder / "backups", Destination::Missing::make, random_id(), [](const auto&) {}, [] { return false; });
  }
};

}  // namespace

TEST_CASE("a backup takes the place of the one before only after it was read back") {
  KeepingOne scene;
  const auto first = scene.run().name;
  scene.put("blobs/objects/3", "third", 13);
  scene.put("blobs/objects/4", "fourth", 14);
  const auto damage = [&](const std::string& name) {  // as a disk that writes something else
    if (name == "objects/4") write(scene.folder / "backups/unfinished/storage/objects/3", "thXrd");
  };
  scene.blobs.before_each = damage;
  CHECK(code_of([&] { scene.run(); }) == Code::corrupt);
  CHECK(scene.backups() == std::vector<std::string>{first});
  CHECK(scene.problems(first) == 0);

  scene.blobs.before_each = [](const std::string&) {};
  const auto next = scene.run();
  CHECK(next.new_files == 1);  // it goes on with what was right
  CHECK(scene.backups() == std::vector<std::string>{next.name});
  CHECK(text_of(scene.backup(next.name) / "storage/objects/3") == "third");
  CHECK(scene.problems(next.name) == 0);
}

TEST_CASE("a backup that lacks a file does not take the place of one that has it") {
  KeepingOne scene;
  const auto first = scene.run().name;
  scene.put("blobs/objects/2", "another", 22);
  const auto path = scene.folder / "data/blobs/objects/2";
  scene.blobs.before_each = [&](const std::string& name) {  // reading it fails
    if (name != "objects/2") return;
    fs::remove(path);
    fs::create_directory(path);
  };
  const auto lacking = scene.run();
  CHECK(lacking.unreadable == std::vector<std::string>{"storage/objects/2"});
  CHECK(scene.backups() == std::vector<std::string>{first, lacking.name});
  scene.blobs.before_each = [](const std::string&) {};
  fs::remove(path);
  scene.put("blobs/objects/2", "another", 22);
  const auto whole = scene.run();
  CHECK(whole.unreadable.empty());
  CHECK(scene.backups() == std::vector<std::string>{whole.name});
}
