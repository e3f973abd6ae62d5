#include "event_log.hpp"

#include <catch2/catch.hpp>

#include "event_document.hpp"
#include "fermata/testing/breakable_state_store.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::audit_trail;

namespace {

class Scene {
 public:
  Scene() { log.open(); }
  std::size_t documents() {
    std::size_t count = 0;
    const auto cursor = store.list(kEventsCollection, "");
    for (Document document; cursor->next(document);) ++count;
    return count;
  }
  static std::vector<uint64_t> before(const EventLog& log, uint64_t number, std::size_t most = SIZE_MAX) {
    std::vector<uint64_t> numbers;
    log.visit_before(number, [&](const RecordedEvent& event) {
      numbers.push_back(event.number);
      return numbers.size() < most;
    });
    return numbers;
  }
  testing::BreakableStateStore store;
  EventLog log{store, {}};
};

}  // namespace

TEST_CASE("Events come out of a document as they went in") {
  auto one = event("1.2.3");
  one.outcome = AuditEvent::Outcome::refused;
  one.patient_id = "P\"1";
  one.detail = "Grüße";
  const RecordedEvent list[] = {one, event("")};
  const auto document = to_document(list);
  const auto back = events_from_document(document_id(41), std::as_bytes(std::span(document)));
  REQUIRE(back.size() == 2);
  CHECK(back[0].number == 41);
  CHECK(back[1].number == 42);
  CHECK(back[0].time_us == kNow);
  CHECK(back[0].action == "study.read");
  CHECK(back[0].outcome == AuditEvent::Outcome::refused);
  CHECK(back[0].user == "jane");
  CHECK(back[0].address == "192.0.2.1");
  CHECK(back[0].object == "1.2.3");
  CHECK(back[0].patient_id == "P\"1");
  CHECK(back[0].detail == "Grüße");
  const auto bytes = [](std::string_view text) { return std::as_bytes(std::span(text)); };
  CHECK(testing::code_of([&] { events_from_document(document_id(1), bytes("{")); }) == Code::corrupt);
  CHECK(testing::code_of([&] { events_from_document("x", bytes(document)); }) != testing::kNoError);
  CHECK(testing::code_of([&] { events_from_document(document_id(1), bytes("{\"format\":2}")); }) == Code::unsupported);
}

TEST_CASE("A document of the longest events fits into the state store") {
  const std::string name(256, '"');
  const RecordedEvent longest{0,    INT64_MAX, std::string(64, '"'),  AuditEvent::Outcome::refused, name, name,
                              name, name,      std::string(1024, '"')};
  Scene scene;
  const std::vector<RecordedEvent> many(kMostEventsOfDocument, longest);
  CHECK(scene.log.append(many) > 0);
}

TEST_CASE("Events are numbered, fill documents, and are found from both ends") {
  Scene scene;
  CHECK(Scene::before(scene.log, UINT64_MAX).empty());
  for (const auto& one : events(1000)) append_all(scene.log, {&one, 1});
  CHECK(scene.log.last() == 1000);
  CHECK(scene.documents() == 5);
  const auto all = Scene::before(scene.log, UINT64_MAX);
  REQUIRE(all.size() == 1000);
  CHECK(all.front() == 1000);
  CHECK(all.back() == 1);
  CHECK(Scene::before(scene.log, 202, 3) == std::vector<uint64_t>{201, 200, 199});
  std::vector<uint64_t> ascending;
  scene.log.visit_from(199, [&](const RecordedEvent& found) {
    ascending.push_back(found.number);
    return ascending.size() < 4;
  });
  CHECK(ascending == std::vector<uint64_t>{199, 200, 201, 202});
}

TEST_CASE("After a restart the last document goes on") {
  Scene scene;
  append_all(scene.log, events(210));
  EventLog again(scene.store, {});
  again.open();
  CHECK(again.last() == 210);
  append_all(again, events(5));
  CHECK(again.last() == 215);
  CHECK(scene.documents() == 2);
  CHECK(Scene::before(again, UINT64_MAX).size() == 215);
}

TEST_CASE("A document that can't be read is passed over, and its numbers are not given again") {
  Scene scene;
  append_all(scene.log, events(500));
  const std::string_view rubbish = "rubbish";
  scene.store.put(kEventsCollection, document_id(201), std::as_bytes(std::span(rubbish)), StateStore::kAny);
  CHECK(Scene::before(scene.log, UINT64_MAX).size() == 300);
  scene.store.put(kEventsCollection, document_id(401), std::as_bytes(std::span(rubbish)), StateStore::kAny);
  EventLog again(scene.store, {});
  again.open();
  CHECK(again.last() >= 500);
  append_all(again, events(1));
  const auto left = Scene::before(again, UINT64_MAX);
  CHECK(left.size() == 201);
  CHECK(left.front() == again.last());
}

TEST_CASE("Documents are found by time") {
  Scene scene;
  append_all(scene.log, events(1000));
  CHECK(scene.log.first_after(kNow - 1) == 1);
  CHECK(scene.log.first_after(kNow) == 201);  // the first document begins then
  CHECK(scene.log.first_after(kNow + 450 * kSecond) == 601);
  CHECK(scene.log.first_after(kNow + 5000 * kSecond) == 1001);
}

TEST_CASE("Whole documents of old events are removed, never the last one") {
  Scene scene;
  append_all(scene.log, events(1000));
  CHECK(scene.log.remove_older_than(kNow) == 0);
  CHECK(scene.log.remove_older_than(kNow + 450 * kSecond) == 2);
  CHECK(Scene::before(scene.log, UINT64_MAX).size() == 600);
  CHECK(scene.log.remove_older_than(INT64_MAX) == 2);
  CHECK(Scene::before(scene.log, UINT64_MAX).size() == 200);
  EventLog again(scene.store, {});
  again.open();
  CHECK(again.last() == 1000);
}
