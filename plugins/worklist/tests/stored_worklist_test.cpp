#include "stored_worklist.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "fermata/testing/through_boundary.hpp"
#include "samples.hpp"
#include "settings.hpp"

using namespace fermata;
using namespace fermata::worklist;
using namespace fermata::worklist::testing;
using fermata::testing::code_of;
using fermata::testing::MemoryStateStore;
using fermata::testing::through_boundary;

namespace {

struct Scene {
  Scene() { worklist.load(); }
  MemoryStateStore store;
  Journal journal;
  StoredWorklist worklist{store, journal};
};

std::string status_of(Worklist& worklist) {
  const auto cursor = worklist.find({});
  WorklistItem item;
  REQUIRE(cursor->next(item));
  return std::string(step_of(dicom::DataSetView(item.data_set)).text(Tag(0x0040, 0x0020)));
}

}  // namespace

TEST_CASE("items are put, found by any key, and removed") {
  Scene scene;
  const auto worklist = through_boundary<Worklist>(scene.worklist);
  Sample sample;
  sample.date = "20240202";
  worklist->put("late", "test", sample.bytes());
  sample.date = "20240201";
  sample.patient_name = "Müller^Jörg";
  worklist->put("early", "test", sample.bytes());
  CHECK(ids(*worklist->find({})) == std::vector<std::string>{"early", "late"});
  CHECK(ids(*worklist->find(Keys().set(dicom::kPatientName, "PN", "muller*").bytes())) ==
        std::vector<std::string>{"early"});
  const auto uid = [&] {
    const auto cursor = worklist->find({});
    WorklistItem item;
    REQUIRE(cursor->next(item));
    CHECK(item.origin == "test");
    return std::string(dicom::DataSetView(item.data_set).text(dicom::kStudyInstanceUid));
  }();
  CHECK(ids(*worklist->find(
            Keys().set(dicom::kStudyInstanceUid, "UI", uid).step(Tag(0x0040, 0x0009), "SH", "S1").bytes())) ==
        std::vector<std::string>{"early", "late"});
  worklist->remove("early");
  CHECK(ids(*worklist->find({})) == std::vector<std::string>{"late"});
  CHECK(code_of([&] { worklist->remove("early"); }) == Code::not_found);
  CHECK(code_of([&] { worklist->put("bad", "test", {}); }) == Code::invalid);
}

TEST_CASE("items are there again after a restart") {
  Scene scene;
  scene.worklist.put("a", "test", Sample().bytes());
  scene.worklist.set_status("a", Worklist::kStarted);
  StoredWorklist again(scene.store, scene.journal);
  again.load();
  CHECK(ids(*again.find({})) == std::vector<std::string>{"a"});
  CHECK(status_of(again) == "STARTED");
}

TEST_CASE("the status of a step is set, and stays when the item is put again without one") {
  Scene scene;
  scene.worklist.put("a", "test", Sample().bytes());
  CHECK(status_of(scene.worklist) == "SCHEDULED");
  scene.worklist.set_status("a", Worklist::kStarted);
  scene.worklist.put("a", "test", Sample().bytes());
  CHECK(status_of(scene.worklist) == "STARTED");
  Sample arrived;
  arrived.status = "ARRIVED";
  scene.worklist.put("a", "test", arrived.bytes());
  CHECK(status_of(scene.worklist) == "ARRIVED");
  CHECK(code_of([&] { scene.worklist.set_status("b", Worklist::kStarted); }) == Code::not_found);
}

TEST_CASE("items expire some time after their day") {
  Scene scene;
  for (const auto* date : {"20240130", "20240131", "20240201"}) {
    Sample sample;
    sample.date = date;
    scene.worklist.put(date, "test", sample.bytes());
  }
  std::tm parts{};
  parts.tm_year = 124;
  parts.tm_mon = 1;
  parts.tm_mday = 7;
  parts.tm_hour = 12;
  parts.tm_isdst = -1;
  const auto now = std::chrono::system_clock::from_time_t(std::mktime(&parts));
  const auto day = first_day_kept(now, std::chrono::hours(24 * 7));
  CHECK(day == "20240131");
  CHECK(scene.worklist.expire(day) == 1);
  CHECK(ids(*scene.worklist.find({})) == std::vector<std::string>{"20240131", "20240201"});
  CHECK(scene.worklist.size() == 2);
}

TEST_CASE("a stored item that can't be read does not hide the others") {
  Scene scene;
  scene.worklist.put("a", "test", Sample().bytes());
  const std::string junk = "junk";
  scene.store.put("worklist.items", "0", std::as_bytes(std::span(junk)), StateStore::kAny);
  int logged = 0;
  Journal journal;
  journal.log = [&](LogLevel, std::string_view, std::initializer_list<Field>) { ++logged; };
  StoredWorklist again(scene.store, journal);
  again.load();
  CHECK(again.size() == 1);
  CHECK(logged == 1);
}

TEST_CASE("a cursor shows what was there when it was made") {
  Scene scene;
  scene.worklist.put("a", "test", Sample().bytes());
  const auto cursor = scene.worklist.find({});
  scene.worklist.remove("a");
  CHECK(ids(*cursor) == std::vector<std::string>{"a"});
}
