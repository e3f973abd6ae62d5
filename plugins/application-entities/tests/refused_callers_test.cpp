#include "refused_callers.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "fermata/testing/breakable_state_store.hpp"

#include "refused_journal.hpp"

namespace fermata::application_entities {
namespace {

using namespace std::chrono_literals;

Caller caller(std::string_view title, std::string_view address) { return {title, "FERMATA", address, false}; }

void ignore(const std::string&) {}

}  // namespace

TEST_CASE("calls of one title from one address are counted in one record") {
  RefusedCallers refused(10);
  refused.remember(caller("CT1", "192.0.2.1"), "store", "unknown AE title", 100);
  refused.remember(caller(" CT1 ", "192.0.2.1"), "query", "unknown AE title", 200);
  refused.remember(caller("CT1", "192.0.2.2"), "store", "unknown AE title", 150);
  const auto all = refused.all();
  REQUIRE(all.size() == 2);
  CHECK(all[1] == RefusedRecord{"CT1", "FERMATA", "192.0.2.1", "query", "unknown AE title", 100, 200, 2});
  CHECK(all[0].address == "192.0.2.2");
}

TEST_CASE("the latest refused caller comes first, and the one seen least recently is dropped") {
  RefusedCallers refused(2);
  refused.remember(caller("A", "192.0.2.1"), "", "", 1);
  refused.remember(caller("B", "192.0.2.1"), "", "", 2);
  refused.remember(caller("A", "192.0.2.1"), "", "", 3);
  refused.remember(caller("C", "192.0.2.1"), "", "", 4);
  const auto all = refused.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].calling_ae_title == "C");
  CHECK(all[1].calling_ae_title == "A");
}

TEST_CASE("what refused callers send is kept printable and short") {
  RefusedCallers refused(2);
  refused.remember(caller("\x1b[2J\r\n", "192.0.2.1"), std::string(10'000, 'w'), "line\nbreak", 1);
  const auto record = refused.all().at(0);
  CHECK(record.calling_ae_title == "?[2J??");
  CHECK(record.wanted.size() == 160);
  CHECK(record.reason == "line?break");
}

TEST_CASE("a refused caller is forgotten on request, under the name it has in the list") {
  RefusedCallers refused(2);
  refused.remember(caller("A\n", "192.0.2.1"), "", "", 1);
  refused.forget("B", "192.0.2.1");
  CHECK(refused.all().size() == 1);
  refused.forget(refused.all().at(0).calling_ae_title, "192.0.2.1");
  CHECK(refused.all().empty());
}

TEST_CASE("refused callers survive a restart") {
  testing::BreakableStateStore store;
  {
    RefusedCallers refused(10);
    RefusedJournal journal(refused, store, 1h, ignore);
    journal.start();
    refused.remember(caller("A", "192.0.2.1"), "store \"CT\"", "unknown", 1);
    refused.remember(caller("B", "fd00::1"), "query", "unknown", 2);
    journal.stop();
  }
  RefusedCallers refused(10);
  RefusedJournal journal(refused, store, 1h, ignore);
  journal.read();
  refused.remember(caller("A", "192.0.2.1"), "store", "unknown", 3);
  const auto all = refused.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].calling_ae_title == "A");
  CHECK(all[0].first_us == 1);
  CHECK(all[0].times == 2);
  CHECK(all[1].wanted == "query");
}

TEST_CASE("when the limit was lowered the oldest refused callers don't come back") {
  testing::BreakableStateStore store;
  {
    RefusedCallers refused(3);
    RefusedJournal journal(refused, store, 1h, ignore);
    for (const auto* title : {"A", "B", "C"}) refused.remember(caller(title, "192.0.2.1"), "", "", 1);
  }
  RefusedCallers refused(2);
  RefusedJournal(refused, store, 1h, ignore).read();
  REQUIRE(refused.all().size() == 2);
  CHECK(refused.all()[0].calling_ae_title == "C");
}

TEST_CASE("refused callers that can't be read begin anew, with a warning") {
  testing::BreakableStateStore store;
  store.put_text(kRefusedCollection, "latest", "{\"format\":1,\"callers\":[{}]}");
  std::string warning;
  RefusedCallers refused(2);
  RefusedJournal journal(refused, store, 1h, [&](const std::string& text) { warning = text; });
  journal.read();
  CHECK(refused.all().empty());
  CHECK_FALSE(warning.empty());
}

TEST_CASE("a store that fails is warned about once, and gets the refused callers when it works again") {
  testing::BreakableStateStore store;
  store.broken = true;
  std::atomic<int> warnings = 0;
  RefusedCallers refused(2);
  RefusedJournal journal(refused, store, 10ms, [&](const std::string&) { ++warnings; });
  journal.start();
  refused.remember(caller("A", "192.0.2.1"), "", "", 1);
  while (store.writes < 3) std::this_thread::sleep_for(5ms);
  CHECK(warnings == 1);
  store.broken = false;
  journal.stop();
  RefusedCallers again(2);
  RefusedJournal(again, store, 1h, ignore).read();
  CHECK(again.all().size() == 1);
}

TEST_CASE("a flood of strangers costs one write and little time") {
  testing::BreakableStateStore store;
  RefusedCallers refused(200);
  RefusedJournal journal(refused, store, 1h, ignore);
  journal.start();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 20'000; ++i)
    refused.remember(caller("T" + std::to_string(i), "192.0.2.1"), "store CT Image Storage", "unknown", i);
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  CHECK(store.writes == 0);
  journal.stop();
  CHECK(store.writes == 1);
  CHECK(refused.all().size() == 200);
  CHECK(refused.all().front().calling_ae_title == "T19999");
}

}  // namespace fermata::application_entities
