#include "ingest/ingest_hooks.hpp"

#include <catch2/catch.hpp>

#include <map>

#include "archive_fixture.hpp"
#include "refusal.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using namespace std::chrono_literals;
using Kind = StoreOutcome::Kind;

namespace {

/// What was written to the log and counted: "level [hook] message".
struct Notes {
  Notes() {
    journal.log = [this](LogLevel level, std::string_view message, std::initializer_list<Field> fields) {
      std::string line = level == LogLevel::error ? "error" : level == LogLevel::warning ? "warning" : "other";
      for (const auto& field : fields)
        if (field.name == "hook") line += " [" + field.value + "]";
      lines.push_back(line + " " + std::string(message));
    };
    journal.count = [this](std::string_view counter, uint64_t by) { counters[std::string(counter)] += by; };
  }
  Journal journal;
  std::vector<std::string> lines;
  std::map<std::string, uint64_t> counters;
};

class Hook final : public IngestHook {
 public:
  using Work = std::function<void()>;
  explicit Hook(
      Work before, Work after = [] {})
      : before_(std::move(before)), after_(std::move(after)) {}
  void before_store(IngestContext&) override { before_(); }
  void after_store(const InstanceRecord&, Kind) override { after_(); }

 private:
  const Work before_, after_;
};

std::vector<NamedHook> hooks(
    std::string plugin, Hook::Work before, Hook::Work after = [] {}) {
  std::vector<NamedHook> list;
  list.push_back({"quick", std::make_unique<Hook>([] {})});
  list.push_back({std::move(plugin), std::make_unique<Hook>(std::move(before), std::move(after))});
  return list;
}

void call_before(IngestHooks& hooks) {
  HookContext context({}, dicom::kPixelData, {});
  hooks.before_store(context, "1.2");
}

void fail() { throw std::runtime_error("no rule for this"); }

}  // namespace

TEST_CASE("a hook that throws before the store is named, counted, and keeps the object out") {
  Notes notes;
  Fixture archive;
  archive.service->drain(1s);
  archive.journal = notes.journal;
  archive.start(hooks("rules-of-the-house", fail));
  const auto result = store(*archive.service, Object().encode(), kExplicitLittle);
  CHECK(result.kind == Kind::refused);
  CHECK(result.refusal == StoreOutcome::Refusal::rule);
  CHECK(result.reason == "a rule of the archive has failed");
  CHECK(archive.keys().empty());
  REQUIRE(!notes.lines.empty());
  CHECK(notes.lines.front() ==
        "error [rules-of-the-house] an ingest hook has failed, its object is refused: no rule for this");
  CHECK(notes.counters["hook_failures_total"] == 1);
  CHECK(notes.counters["slow_hooks_total"] == 0);
}

TEST_CASE("a hook that throws after the store is named and counted, and the object stays") {
  Notes notes;
  Fixture archive;
  archive.service->drain(1s);
  archive.journal = notes.journal;
  archive.start(hooks(
      "mirror", [] {}, fail));
  CHECK(store(*archive.service, Object().encode(), kExplicitLittle).kind == Kind::stored);
  CHECK(notes.lines == std::vector<std::string>{
                           "warning [mirror] an ingest hook has failed after the object was stored: no rule for this"});
  CHECK(notes.counters["hook_failures_total"] == 1);
}

TEST_CASE("a slow hook is named once a minute and counted each time") {
  Notes notes;
  auto now = IngestHooks::Clock::time_point{};
  auto takes = 1001ms;
  const auto work = [&] { now += takes; };
  IngestHooks called(hooks("slow", work, work), 1s, notes.journal, [&] { return now; });
  const std::string warning = "warning [slow] an ingest hook is slow and holds up who sends objects";
  call_before(called);
  called.after_store({}, Kind::stored);
  CHECK(notes.lines == std::vector<std::string>{warning});
  CHECK(notes.counters["slow_hooks_total"] == 2);
  now += 1min;
  takes = 1s;
  call_before(called);  // as long as it may take
  CHECK(notes.counters["slow_hooks_total"] == 2);
  takes = 5s;
  call_before(called);
  CHECK(notes.lines == std::vector<std::string>{warning, warning});
  CHECK(notes.counters["slow_hooks_total"] == 3);
  CHECK(notes.counters["hook_failures_total"] == 0);
}

TEST_CASE("a hook that is slow and then throws is both") {
  Notes notes;
  auto now = IngestHooks::Clock::time_point{};
  const auto work = [&] {
    now += 2s;
    fail();
  };
  IngestHooks called(hooks("bad", work), 1s, notes.journal, [&] { return now; });
  CHECK_THROWS_AS(call_before(called), Refused);
  CHECK(notes.lines.size() == 2);
  CHECK(notes.counters["slow_hooks_total"] == 1);
  CHECK(notes.counters["hook_failures_total"] == 1);
}
