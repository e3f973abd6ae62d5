#include "durable_trail.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/breakable_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "samples.hpp"
#include "trail_reader.hpp"

using namespace fermata;
using namespace fermata::audit_trail;

namespace {

class Scene {
 public:
  explicit Scene(std::size_t most_waiting = 1000) : trail(log, clock(), {}, most_waiting) { log.open(); }

  Clock clock() {
    return [this] { return now_us.load(); };
  }
  void record(std::string_view object, std::string_view action = audit::kStudyStored) {
    AuditEvent event;
    event.action = action;
    event.user = "jane";
    event.object = object;
    trail.record(event);
  }
  std::vector<std::string> objects(const EventFilter& filter = {}) {
    std::vector<std::string> found;
    TrailReader(trail, log).read(filter, [&](const RecordedEvent& event) {
      found.push_back(event.object);
      return true;
    });
    return found;
  }

  std::atomic<int64_t> now_us{kNow};
  testing::BreakableStateStore store;
  EventLog log{store, {}};
  DurableTrail trail;
};

using Objects = std::vector<std::string>;

}  // namespace

TEST_CASE("An event without an action is refused") {
  Scene scene;
  CHECK(testing::code_of([&] { scene.trail.record({}); }) == Code::invalid);
}

TEST_CASE("What was recorded is found at once, and on the disk a second later") {
  Scene scene;
  scene.record("1");
  scene.record("2");
  CHECK(scene.objects() == Objects{"2", "1"});
  scene.trail.start();
  until([&] { return scene.log.last() == 2; });
  CHECK(scene.objects() == Objects{"2", "1"});
}

TEST_CASE("What waits when the program ends is written") {
  Scene scene;
  scene.trail.start();
  for (int i = 0; i < 700; ++i) scene.record(std::to_string(i));
  scene.trail.stop();
  CHECK(scene.log.last() == 700);
}

TEST_CASE("Events wait while the store can't be written, and only the oldest of too many are lost") {
  Scene scene(5);
  scene.store.broken = true;
  scene.trail.start();
  for (int i = 0; i < 4; ++i) scene.record(std::to_string(i));
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  CHECK(scene.log.last() == 0);
  for (int i = 4; i < 8; ++i) scene.record(std::to_string(i));
  scene.store.broken = false;
  until([&] { return scene.log.last() == 5; });
  CHECK(scene.objects() == Objects{"7", "6", "5", "4", "3"});
}

TEST_CASE("Reads of one user in one study within five minutes are one event") {
  Scene scene;
  const auto read = [&](std::string_view study) { scene.record(study, audit::kStudyRead); };
  read("1");
  read("1");
  read("2");
  scene.now_us += 299 * kSecond;
  read("1");
  CHECK(scene.objects() == Objects{"2", "1"});
  scene.now_us += kSecond;
  read("1");
  CHECK(scene.objects() == Objects{"1", "2", "1"});
  scene.record("3", audit::kStudyDeleted);
  scene.record("3", audit::kStudyDeleted);
  CHECK(scene.objects().size() == 5);
}

TEST_CASE("The patient of a study is looked up where the event does not say it") {
  Scene scene;
  scene.trail.look_up_patients_with([](const std::string& study) { return "patient of " + study; });
  scene.trail.start();
  scene.record("1.2");
  scene.record("jane", audit::kLogin);
  scene.trail.stop();
  Objects patients;
  scene.log.visit_from(1, [&](const RecordedEvent& event) {
    patients.push_back(event.patient_id);
    return true;
  });
  CHECK(patients == Objects{"patient of 1.2", ""});
}

TEST_CASE("The patient of a study that was just removed is known from the event that says so") {
  Scene scene;
  scene.trail.look_up_patients_with([](const std::string&) { return std::string(); });
  scene.trail.start();
  scene.record("1.2", audit::kStudyRead);
  AuditEvent removed;
  removed.action = audit::kStudyDeleted;
  removed.object = "1.2";
  removed.patient_id = "P1";
  scene.trail.record(removed);
  scene.trail.stop();
  scene.log.visit_from(1, [&](const RecordedEvent& event) {
    CHECK(event.patient_id == "P1");
    return true;
  });
  CHECK(scene.log.last() == 2);
}

TEST_CASE("Events are filtered by time, user, action and object, and paged") {
  Scene scene;
  append_all(scene.log, events(10'000));
  scene.now_us = kNow + 20'000 * kSecond;
  scene.record("last", audit::kLogin);
  EventFilter filter;
  filter.from_us = kNow + 5000 * kSecond;
  filter.to_us = kNow + 5002 * kSecond;
  CHECK(scene.objects(filter) == Objects{"5002", "5001", "5000"});
  filter = {};
  filter.action = "user";
  CHECK(scene.objects(filter) == Objects{"last"});
  filter.action = "use";
  CHECK(scene.objects(filter).empty());
  filter = {};
  filter.object = "999";
  filter.user = "AN";
  CHECK(scene.objects(filter).size() == 19);
  filter.before = 1000;
  CHECK(scene.objects(filter).empty());
  filter.before = 1001;
  CHECK(scene.objects(filter) == Objects{"999"});
  filter.user = "joe";
  CHECK(scene.objects(filter).empty());
}

TEST_CASE("Threads record side by side, and nothing is lost") {
  Scene scene(100'000);
  scene.trail.start();
  testing::in_threads(4, [&](std::size_t thread) {
    for (int i = 0; i < 500; ++i) scene.record(std::to_string(thread));
  });
  scene.trail.stop();
  CHECK(scene.log.last() == 2000);
}
