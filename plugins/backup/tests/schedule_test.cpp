#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>

#include "backup_schedule.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "retention.hpp"

namespace {

using namespace fermata;
using namespace fermata::backup;

constexpr int64_t kHour = int64_t{3600} * 1'000'000;

Moment at(const char* name) { return *moment_of(name); }

BackupHistory made(Moment moment) { return {moment, moment, "", ""}; }

struct InBerlin {
  InBerlin() { set("Europe/Berlin"); }
  ~InBerlin() { set("UTC"); }
  static void set(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
};

}  // namespace

TEST_CASE("names of backups say when, and nothing else is one") {
  CHECK(backup_name(at("2026-11-27T22-35-42Z")) == "2026-11-27T22-35-42Z");
  for (const auto* name : {"unfinished", "2026-11-27", "2026-11-27T22-35-42X", "2026-13-27T22-35-42Z", "lost+found"})
    CHECK_FALSE(moment_of(name));
}

TEST_CASE("a daily backup is due once its time has come, also if it was missed") {
  const InBerlin zone;
  const Schedule daily{Schedule::time_of_day("02:30"), std::chrono::milliseconds(0)};
  const auto before = at("2026-11-27T01-29-59Z");  // 02:29:59 in Berlin
  const auto after = at("2026-11-27T01-30-00Z");
  CHECK_FALSE(is_due(daily, made(at("2026-11-26T01-30-05Z")), before));
  CHECK(is_due(daily, made(at("2026-11-26T01-30-05Z")), after));
  CHECK_FALSE(is_due(daily, made(after), after + 5 * kHour));
  CHECK(is_due(daily, made(at("2026-11-20T01-30-05Z")), before));
  CHECK(is_due(daily, {}, before));
  CHECK_FALSE(is_due(Schedule{}, {}, before));
}

TEST_CASE("backups at intervals, and a failed one an hour later") {
  const Schedule often{{}, std::chrono::hours(6)};
  const auto moment = at("2026-11-27T10-00-00Z");
  CHECK_FALSE(is_due(often, made(moment), moment + 6 * kHour - 1));
  CHECK(is_due(often, made(moment), moment + 6 * kHour));
  auto failed = made(moment);
  failed.failure = "the disk is full";
  CHECK_FALSE(is_due(often, failed, moment + kHour - 1));
  CHECK(is_due(often, failed, moment + kHour));
  CHECK(is_due(often, made(moment), moment - kHour));  // the clock was set back
}

TEST_CASE("trouble is a backup that failed, is too old, or was never made") {
  const auto moment = at("2026-11-27T10-00-00Z");
  const auto limit = std::chrono::hours(48);
  CHECK(trouble(made(moment), limit, moment + 48 * kHour).empty());
  CHECK(trouble(made(moment), limit, moment + 73 * kHour) ==
        "The last good backup is 3 days old, it is of 2026-11-27 10:00 UTC");
  CHECK(trouble(made(moment), std::chrono::hours(0), moment + 73 * kHour).empty());
  CHECK(trouble({}, limit, moment) == "No backup of the archive has been made yet");
  auto failed = made(moment);
  failed.failure = "the disk is full";
  CHECK(trouble(failed, limit, moment) == "The last backup failed: the disk is full");
}

TEST_CASE("the history outlives the program") {
  testing::MemoryStateStore state;
  HistoryStore store(state);
  CHECK(store.read().good == 0);
  store.write({5, 4, "why", "3 files"});
  const auto read = HistoryStore(state).read();
  CHECK(read.attempted == 5);
  CHECK(read.good == 4);
  CHECK(read.failure == "why");
  CHECK(read.report == "3 files");
}

TEST_CASE("backups are kept by the day, the week and the month") {
  const std::vector<std::string> names{"2026-09-30T02-30-00Z", "2026-10-31T02-30-00Z", "2026-11-01T02-30-00Z",
                                       "2026-11-15T02-30-00Z", "2026-11-22T02-30-00Z", "2026-11-25T02-30-00Z",
                                       "2026-11-26T02-30-00Z", "2026-11-26T12-30-00Z", "2026-11-27T02-30-00Z"};
  CHECK(superfluous(names, {}).empty());
  const auto kept = [&](Retention retention) {
    auto left = names;
    for (const auto& gone : superfluous(names, retention)) left.erase(std::find(left.begin(), left.end(), gone));
    return left;
  };
  using List = std::vector<std::string>;
  CHECK(kept({1, 0, 0, 0}) == List{"2026-11-27T02-30-00Z"});
  CHECK(kept({0, 2, 0, 0}) == List{"2026-11-26T12-30-00Z", "2026-11-27T02-30-00Z"});
  CHECK(kept({0, 0, 3, 0}) == List{"2026-11-15T02-30-00Z", "2026-11-22T02-30-00Z", "2026-11-27T02-30-00Z"});
  CHECK(kept({0, 0, 0, 3}) == List{"2026-09-30T02-30-00Z", "2026-10-31T02-30-00Z", "2026-11-27T02-30-00Z"});
  CHECK(superfluous({"2026-11-27T02-30-00Z"}, {0, 1, 0, 0}).empty());
}
