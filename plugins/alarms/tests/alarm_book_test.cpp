#include "alarm_book.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/breakable_state_store.hpp"

using namespace fermata;
using namespace fermata::alarms;
using Kind = Notice::Kind;

namespace {

constexpr int64_t kMinute = 60'000'000;
constexpr int64_t kHour = 60 * kMinute;

Observed disk(int64_t since, ConditionLevel level = ConditionLevel::warning) {
  return {"admin", "disk", level, "The disk is full in 3 days", "Make room", since};
}

std::vector<Kind> kinds(const Notices& notices) {
  std::vector<Kind> all;
  for (const auto& notice : notices) all.push_back(notice.kind);
  return all;
}

struct Scene {
  testing::BreakableStateStore store;
  Rules rules{ConditionLevel::warning, kMinute, 24 * kHour};
  AlarmBook book{store, "mail", rules};

  std::vector<Kind> look(const std::vector<Observed>& conditions, int64_t now) {
    const auto notices = book.due(conditions, now);
    book.told(notices, now);
    return kinds(notices);
  }
};

}  // namespace

TEST_CASE("what lasts is told once, and again after a day") {
  Scene scene;
  CHECK(scene.look({disk(0)}, kMinute - 1).empty());
  CHECK(scene.look({disk(0)}, kMinute) == std::vector{Kind::raised});
  CHECK(scene.look({disk(0)}, kHour).empty());
  CHECK(scene.look({disk(0)}, kMinute + 24 * kHour) == std::vector{Kind::still});
  CHECK(scene.look({disk(0)}, kMinute + 25 * kHour).empty());
}

TEST_CASE("what gets worse is told at once, what gets better is not") {
  Scene scene;
  scene.look({disk(0)}, kMinute);
  CHECK(scene.look({disk(0, ConditionLevel::failing)}, kMinute + 1) == std::vector{Kind::worse});
  CHECK(scene.look({disk(0)}, kMinute + 2).empty());
}

TEST_CASE("what is over is told when it has stayed away, and may come again") {
  Scene scene;
  scene.look({disk(0)}, kMinute);
  CHECK(scene.look({}, kHour).empty());
  CHECK(scene.look({disk(0)}, kHour + 1).empty());
  CHECK(scene.look({}, kHour + 2).empty());
  CHECK(scene.look({}, kHour + 2 + kMinute) == std::vector{Kind::resolved});
  CHECK(scene.look({}, 2 * kHour).empty());
  CHECK(scene.look({disk(2 * kHour)}, 3 * kHour) == std::vector{Kind::raised});
}

TEST_CASE("what was over before anybody was told stays untold") {
  Scene scene;
  CHECK(scene.look({disk(0)}, 1).empty());
  CHECK(scene.look({}, kHour).empty());
}

TEST_CASE("only what is bad enough is told") {
  Scene scene;
  AlarmBook strict(scene.store, "web_hook", {ConditionLevel::failing, 0, kHour});
  CHECK(strict.due({disk(0)}, kMinute).empty());
  CHECK(kinds(strict.due({disk(0, ConditionLevel::failing)}, kMinute)) == std::vector{Kind::raised});
}

TEST_CASE("after a restart nobody is told twice, and each channel has a memory of its own") {
  Scene scene;
  scene.look({disk(0)}, kMinute);
  AlarmBook again(scene.store, "mail", scene.rules);
  CHECK(again.due({disk(kHour)}, 2 * kHour).empty());
  AlarmBook other(scene.store, "web_hook", scene.rules);
  CHECK(kinds(other.due({disk(kHour)}, 2 * kHour)) == std::vector{Kind::raised});
  CHECK(again.due({}, 3 * kHour).empty());
  const auto over = again.due({}, 3 * kHour + kMinute);
  REQUIRE(kinds(over) == std::vector{Kind::resolved});
  CHECK(over.front().what.text == "The disk is full in 3 days");
}

TEST_CASE("a document that is damaged, or of the future, means that somebody is told once more") {
  Scene scene;
  scene.look({disk(0)}, kMinute);
  for (const std::string_view text : {"{", "{\"version\":2}", "{\"version\":1,\"plugin\":4}", "[]"}) {
    scene.store.put("alarms.told", "mail/admin/disk", std::as_bytes(std::span(text)), StateStore::kAny);
    AlarmBook again(scene.store, "mail", scene.rules);
    CHECK(kinds(again.due({disk(0)}, 2 * kHour)) == std::vector{Kind::raised});
  }
}
