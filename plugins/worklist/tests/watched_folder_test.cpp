#include "watched_folder.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"
#include "samples.hpp"
#include "temporary_folder.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;

namespace {

std::string yaml(const std::string& patient_id, const std::string& date = "20240131") {
  return "PatientName: DOE^JANE\nPatientID: \"" + patient_id +
         "\"\nModality: CT\nScheduledStationAETitle: CT1\nScheduledProcedureStepStartDate: " + date + "\n";
}

struct Scene {
  explicit Scene(bool configured = true) : remove_with_file(configured) {
    journal.log = [this](LogLevel, std::string_view message, std::initializer_list<Field> fields) {
      log += std::string(message);
      for (const auto& field : fields) log += " " + std::string(field.name) + "=" + field.value;
      log += "\n";
    };
    start();
  }
  void start() {
    worklist.emplace(store, journal);
    worklist->load();
    watched.emplace(folder.path(), remove_with_file, *worklist, store, journal);
    watched->open();
  }
  /// As often as it takes for a file that does not change any more.
  void settle() {
    watched->scan();
    watched->scan();
  }
  std::vector<std::string> items() { return ids(*worklist->find({})); }

  const bool remove_with_file;
  TemporaryFolder folder;
  fermata::testing::MemoryStateStore store;
  std::string log;
  Journal journal;
  std::optional<StoredWorklist> worklist;
  std::optional<WatchedFolder> watched;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a file becomes an item once it has stopped changing") {
  Scene scene;
  scene.folder.write("a.yaml", yaml("1"));
  scene.watched->scan();
  CHECK(scene.items().empty());
  scene.folder.write("a.yaml", yaml("1") + "AccessionNumber: A1\n");
  scene.watched->scan();
  CHECK(scene.items().empty());
  scene.watched->scan();
  CHECK(scene.items() == Ids{"file/a.yaml/1"});
  CHECK(scene.log.find("a worklist file was taken file=a.yaml items=1") != std::string::npos);
}

TEST_CASE("files of other kinds, hidden and empty ones are left alone") {
  Scene scene;
  for (const auto* name : {"lockfile", "a.txt", ".hidden.yaml"}) scene.folder.write(name, yaml("1"));
  scene.folder.write("empty.yaml", "");
  scene.settle();
  CHECK(scene.items().empty());
  CHECK(scene.log.empty());
}

TEST_CASE("a file that is changed changes its items") {
  Scene scene;
  scene.folder.write("a.yaml",
                     "- {PatientName: A, PatientID: 1, Modality: CT, ScheduledStationAETitle: CT1, "
                     "ScheduledProcedureStepStartDate: 20240131}\n"
                     "- {PatientName: B, PatientID: 2, Modality: CT, ScheduledStationAETitle: CT1, "
                     "ScheduledProcedureStepStartDate: 20240201}\n");
  scene.settle();
  CHECK(scene.items() == Ids{"file/a.yaml/1", "file/a.yaml/2"});
  scene.folder.write("a.yaml", yaml("3"));
  scene.settle();
  CHECK(scene.items() == Ids{"file/a.yaml/1"});
  CHECK(ids(*scene.worklist->find(Keys().set(dicom::kPatientId, "LO", "3").bytes())).size() == 1);
}

TEST_CASE("the steps of one request become an item each") {
  Scene scene;
  scene.folder.write("a.yaml", yaml("1") + "ScheduledProcedureStepSequence: [{Modality: CT}, {Modality: PT}]\n");
  scene.settle();
  CHECK(scene.items() == Ids{"file/a.yaml/1.1", "file/a.yaml/1.2"});
}

TEST_CASE("a file that is removed takes its items with it, if so configured") {
  const bool configured = GENERATE(true, false);
  Scene scene(configured);
  scene.folder.write("a.yaml", yaml("1"));
  scene.settle();
  scene.folder.remove("a.yaml");
  scene.watched->scan();
  CHECK(scene.items().size() == (configured ? 0 : 1));
}

TEST_CASE("a bad file stays, with a note beside it that says what to do, until it is corrected") {
  Scene scene;
  scene.folder.write("a.yaml", "PatientName: DOE^JANE\nPatientIdentity: 1\n");
  scene.settle();
  CHECK(scene.items().empty());
  CHECK(scene.folder.has("a.yaml"));
  CHECK(
      scene.folder.read("a.yaml.rejected") ==
      "a.yaml is not in the worklist.\n"
      "line 2, column 1: there is no attribute \"PatientIdentity\": write a keyword of PS3.6, such as PatientName, or "
      "a tag, such as 00100010\n"
      "Correct the file and save it: it is then read again.\n");
  const auto said = scene.log;
  scene.settle();
  CHECK(scene.log == said);  // once is enough
  scene.folder.write("a.yaml", yaml("1"));
  scene.settle();
  CHECK(scene.items() == Ids{"file/a.yaml/1"});
  CHECK_FALSE(scene.folder.has("a.yaml.rejected"));
}

TEST_CASE("a file of which one item is bad is not taken at all, and a former version stays") {
  Scene scene;
  scene.folder.write("a.json", R"([{"PatientName": "A", "PatientID": "1", "Modality": "CT",
    "ScheduledStationAETitle": "CT1", "ScheduledProcedureStepStartDate": "20240131"}])");
  scene.settle();
  REQUIRE(scene.items() == Ids{"file/a.json/1"});
  scene.folder.write("a.json", R"([{"PatientName": "A", "PatientID": "9", "Modality": "CT",
    "ScheduledStationAETitle": "CT1", "ScheduledProcedureStepStartDate": "20240131"}, {"PatientName": "B"}])");
  scene.settle();
  CHECK(scene.items() == Ids{"file/a.json/1"});
  CHECK(scene.folder.read("a.json.rejected").find("item 2: Patient ID (0010,0020) is missing") != std::string::npos);
  CHECK(ids(*scene.worklist->find(Keys().set(dicom::kPatientId, "LO", "9").bytes())).empty());
}

TEST_CASE("a restart takes only what has changed meanwhile") {
  Scene scene;
  scene.folder.write("same.yaml", yaml("1"));
  scene.folder.write("gone.yaml", yaml("2"));
  scene.settle();
  scene.worklist->set_status("file/same.yaml/1", Worklist::kStarted);
  scene.worklist->remove("file/same.yaml/1");  // by an administrator, say
  scene.folder.remove("gone.yaml");
  scene.folder.write("new.yaml", yaml("3"));
  scene.start();
  scene.settle();
  CHECK(scene.items() == Ids{"file/new.yaml/1"});
}

TEST_CASE("a folder that can't be read removes nothing, and is reported once") {
  Scene scene;
  scene.folder.write("a.yaml", yaml("1"));
  scene.settle();
  const auto elsewhere = scene.folder.path().string() + "-moved";
  std::filesystem::rename(scene.folder.path(), elsewhere);
  const auto before = scene.log.size();
  scene.settle();
  scene.settle();
  CHECK(scene.items() == Ids{"file/a.yaml/1"});
  const auto said = scene.log.substr(before);
  CHECK(said.find("can't be read: No such file or directory") != std::string::npos);
  CHECK(std::count(said.begin(), said.end(), '\n') == 1);
  std::filesystem::rename(elsewhere, scene.folder.path());
  scene.settle();
  CHECK(scene.items() == Ids{"file/a.yaml/1"});
}
