#include "restore.hpp"

#include <catch2/catch.hpp>

#include "backup_check.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "scene.hpp"

namespace {

using namespace fermata;
using namespace fermata::backup;
using fermata::testing::code_of;

bool never() { return false; }

struct Scene {
  Folder folder;
  fs::path backup = folder / "backup";
  std::vector<std::string> problems;

  Scene() {
    fs::create_directories(backup);
    ManifestWriter manifest(backup, "x", {{"storage", "/old/blobs"}, {"index", "./data/index/"}});
    FileCopy copy(never);
    for (const auto& [name, text] : std::map<std::string, std::string>{
             {"index/CURRENT", "M1"}, {"storage/objects/1", "first"}, {"storage/objects/2", "second"}}) {
      write(backup / name, text);
      const auto content = copy.read(backup / name);
      manifest.add({content.checksum, content.length, 1'700'000'000'000'000'000, name});
    }
    manifest.finish();
  }
  RestoreReport restore(const std::string& to, std::map<std::string, fs::path> elsewhere = {},
                        const Cancelled& cancelled = never) {
    problems.clear();
    return Restore(backup, folder / to, std::move(elsewhere))
        .run([&](const std::string& name, const std::string&) { problems.push_back(name); }, [](const auto&) {},
             cancelled);
  }
};

}  // namespace

TEST_CASE("a restored archive has every file, and the folders have their names again") {
  Scene scene;
  const auto report = scene.restore("to");
  CHECK(report.files == 3);
  CHECK(report.problems == 0);
  const std::map<std::string, std::string> all{
      {"index/CURRENT", "M1"}, {"blobs/objects/1", "first"}, {"blobs/objects/2", "second"}};
  CHECK(files_in(scene.folder / "to") == all);
}

TEST_CASE("a plugin's data can be restored elsewhere") {
  Scene scene;
  scene.restore("to", {{"storage", scene.folder / "big disk"}});
  CHECK(text_of(scene.folder / "big disk/objects/1") == "first");
  CHECK(text_of(scene.folder / "to/index/CURRENT") == "M1");
  CHECK(code_of([&] { scene.restore("other", {{"storige", scene.folder / "x"}}); }) == Code::invalid);
}

TEST_CASE("a restore overwrites nothing") {
  Scene scene;
  write(scene.folder / "to/index/CURRENT", "of somebody");
  CHECK(code_of([&] { scene.restore("to"); }) == Code::conflict);
  CHECK(text_of(scene.folder / "to/index/CURRENT") == "of somebody");
  CHECK_FALSE(fs::exists(scene.folder / "to/blobs"));
}

TEST_CASE("an interrupted restore leaves no folder, and is gone on with") {
  Scene scene;
  int asked = 0;
  CHECK_THROWS_AS(scene.restore("to", {}, [&] { return ++asked > 2; }), Interrupted);
  CHECK_FALSE(fs::exists(scene.folder / "to/blobs"));
  CHECK_FALSE(fs::exists(scene.folder / "to/index"));
  write(scene.folder / "to/blobs.restoring/objects/1", "fir");  // as a power cut leaves it
  CHECK(scene.restore("to").problems == 0);
  CHECK(text_of(scene.folder / "to/blobs/objects/1") == "first");
  CHECK_FALSE(fs::exists(scene.folder / "to/blobs.restoring"));
}

TEST_CASE("a restore that ended while the folders got their names is gone on with") {
  Scene scene;
  scene.restore("to");
  const auto all = files_in(scene.folder / "to");
  fs::rename(scene.folder / "to/blobs", scene.folder / "to/blobs.restoring");
  CHECK(code_of([&] { scene.restore("to"); }) == Code::conflict);  // nothing says whose the index is
  write(scene.folder / "to/restore.unfinished", (scene.folder / "another").string());
  CHECK(code_of([&] { scene.restore("to"); }) == Code::conflict);
  write(scene.folder / "to/restore.unfinished", scene.backup.string());
  SECTION("what is in its place stays") {
    CHECK(scene.restore("to").problems == 0);
    CHECK(files_in(scene.folder / "to") == all);
  }
  SECTION("what has changed there is named, and not overwritten") {
    write(scene.folder / "to/index/CURRENT", "M2");
    CHECK(scene.restore("to").problems == 1);
    CHECK(scene.problems == std::vector<std::string>{"index/CURRENT"});
    CHECK(text_of(scene.folder / "to/index/CURRENT") == "M2");
  }
}

TEST_CASE("damage in a backup is found, named, and kept out of what is restored") {
  Scene scene;
  write(scene.backup / "storage/objects/1", "fXrst");
  fs::remove(scene.backup / "storage/objects/2");
  std::vector<std::string> found;
  const auto checked = BackupCheck().run(
      scene.backup, [&](const std::string& name, const std::string& what) { found.push_back(name + " " + what); },
      [](const auto&) {}, never);
  CHECK(checked.problems == 2);
  REQUIRE(found.size() == 2);
  CHECK(found[0] == "storage/objects/1 has other content than when it was saved");
  CHECK(found[1] == "storage/objects/2 is missing");

  const auto report = scene.restore("to");
  CHECK(report.problems == 2);
  CHECK(scene.problems == std::vector<std::string>{"storage/objects/1", "storage/objects/2"});
  const std::map<std::string, std::string> left{{"index/CURRENT", "M1"}};
  CHECK(files_in(scene.folder / "to") == left);
}

TEST_CASE("nothing is restored from half a manifest") {
  Scene scene;
  const auto text = text_of(scene.backup / "manifest.txt");
  write(scene.backup / "manifest.txt", text.substr(0, text.size() - 3));
  CHECK(code_of([&] { scene.restore("to"); }) == Code::corrupt);
  CHECK_FALSE(fs::exists(scene.folder / "to"));
}
