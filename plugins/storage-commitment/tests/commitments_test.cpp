#include "commitments.hpp"

#include <catch2/catch.hpp>

#include "fakes.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/timestamp.hpp"

using namespace fermata;
using namespace fermata::storage_commitment;
using namespace fermata::storage_commitment::testing;
using namespace std::chrono_literals;
using fermata::testing::MemoryStateStore;

namespace {

Transaction transaction(const std::string& uid) {
  Transaction t;
  t.uid = uid;
  t.ae_title = "CT1";
  t.address = "10.0.0.7";
  t.called_ae_title = "ARCHIVE";
  t.requested_us = t.changed_us = now_us();
  return t;
}

std::vector<Reference> references(std::initializer_list<std::string> uids) {
  std::vector<Reference> list;
  for (const auto& uid : uids) list.push_back({kCt, uid});
  return list;
}

/// One life of the plugin, on a store that may have seen another.
struct Scene {
  explicit Scene(MemoryStateStore& memory) : store(memory) {
    for (const auto* uid : {"1.1", "1.2", "1.3"}) archive.add(uid);
    settings.retry_interval = 10ms;
    settings.longest_retry_interval = 50ms;
  }
  void run() {
    commitments.emplace(store, archive, requester, settings, journal);
    commitments->load();
    commitments->start();
  }
  Transaction only_one() {
    std::vector<Transaction> found;
    store.for_each([&](Transaction&& t) { found.push_back(std::move(t)); }, [](const std::string&) {});
    REQUIRE(found.size() == 1);
    return found[0];
  }
  bool finished() {
    return eventually([&] { return commitments->unfinished() == 0; });
  }

  TransactionStore store;
  FakeArchive archive;
  Requester requester;
  Journal journal;
  Settings settings;
  std::optional<Commitments> commitments;
};

}  // namespace

TEST_CASE("a request is reported on the requester's association while that is there") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.run();
  scene.commitments->accept(transaction("9.1"), references({"1.1", "1.2"}), scene.requester.own_association());
  REQUIRE(scene.finished());
  const auto report = scene.requester.reports().at(0);
  CHECK(report.way == "same association");
  CHECK(report.event_type == 1);
  CHECK(report.transaction_uid == "9.1");
  CHECK(report.committed == std::vector<std::string>{"1.1", "1.2"});
  CHECK(report.failed.empty());
  CHECK(scene.only_one().state == Transaction::State::reported);
}

TEST_CASE("a request is reported on a new association when the requester has released") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.requester.own_association_lost = true;
  scene.run();
  scene.commitments->accept(transaction("9.1"), references({"1.1"}), scene.requester.own_association());
  REQUIRE(scene.finished());
  CHECK(scene.requester.reports().at(0).way == "CT1 from ARCHIVE near 10.0.0.7");
}

TEST_CASE("failures are reported with their reasons beside what is committed") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.archive.damage("1.2");
  scene.run();
  auto wanted = references({"1.1", "1.2", "1.9"});
  wanted.push_back({kMr, "1.3"});
  scene.commitments->accept(transaction("9.1"), wanted, nullptr);
  REQUIRE(scene.finished());
  const auto report = scene.requester.reports().at(0);
  CHECK(report.event_type == 2);
  CHECK(report.committed == std::vector<std::string>{"1.1"});
  CHECK(report.failed ==
        std::vector<std::pair<std::string, uint16_t>>{{"1.2", 0x0110}, {"1.9", 0x0112}, {"1.3", 0x0119}});
  CHECK(scene.only_one().failed == 3);
}

TEST_CASE("a report that can't be delivered is sent again, until it is confirmed") {
  MemoryStateStore memory;
  Scene scene(memory);
  SECTION("the node does not answer") { scene.requester.reachable = false; }
  SECTION("the node refuses it") { scene.requester.status = 0x0110; }
  scene.run();
  scene.commitments->accept(transaction("9.1"), references({"1.1"}), nullptr);
  REQUIRE(eventually([&] { return scene.requester.opened() >= 3; }));
  CHECK(scene.only_one().state == Transaction::State::reporting);
  CHECK(scene.only_one().attempts >= 2);
  CHECK_FALSE(scene.only_one().problem.empty());
  scene.requester.reachable = true;
  scene.requester.status = 0;
  REQUIRE(scene.finished());
  CHECK(scene.only_one().state == Transaction::State::reported);
  CHECK(scene.only_one().problem.empty());
  CHECK(scene.archive.opened == 1);  // verified once, however often it is reported
}

TEST_CASE("a report is given up when it is too old") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.requester.reachable = false;
  scene.settings.retry_for = 30ms;
  scene.run();
  scene.commitments->accept(transaction("9.1"), references({"1.1"}), nullptr);
  REQUIRE(scene.finished());
  CHECK(scene.only_one().state == Transaction::State::given_up);
  CHECK(scene.only_one().problem == "nobody answers at CT1");
}

TEST_CASE("a node that can't be reached is tried once for all its requests, and others don't wait for it") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.requester.reachable = false;
  scene.settings.retry_interval = scene.settings.longest_retry_interval = 1h;
  for (int i = 0; i < 20; ++i) {
    auto t = transaction("9." + std::to_string(i));
    t.state = Transaction::State::reporting;
    scene.store.add(t, references({"1.1"}));
  }
  scene.run();
  REQUIRE(eventually([&] {
    int tried = 0;
    scene.store.for_each([&](const Transaction& t) { tried += t.attempts == 1 ? 1 : 0; }, [](const std::string&) {});
    return tried == 20;
  }));
  CHECK(scene.requester.opened() == 1);
  scene.requester.reachable = true;
  auto other = transaction("8.1");
  other.ae_title = "MR1";
  scene.commitments->accept(other, references({"1.1"}), nullptr);
  CHECK(eventually([&] { return scene.requester.reports().size() == 1; }));
}

TEST_CASE("requests survive a restart, wherever it finds them") {
  MemoryStateStore memory;
  {
    Scene before(memory);
    before.requester.silent = true;
    before.run();
    before.commitments->accept(transaction("9.1"), references({"1.1", "1.2"}), before.requester.own_association());
    SECTION("before verification") {}
    SECTION("while the report is on its way") {
      REQUIRE(eventually([&] { return before.only_one().state == Transaction::State::reporting; }));
    }
    before.commitments->stop();
    CHECK(before.requester.reports().empty());
  }
  Scene after(memory);
  after.run();
  REQUIRE(after.finished());
  CHECK(after.requester.reports().at(0).committed == std::vector<std::string>{"1.1", "1.2"});
  CHECK(after.requester.reports().size() == 1);
}

TEST_CASE("verification goes on after the last piece that was stored") {
  MemoryStateStore memory;
  {
    TransactionStore store(memory);
    auto t = transaction("9.1");
    std::vector<Reference> many(TransactionStore::kPiece + 1, Reference{kCt, "1.1"});
    store.add(t, many);
    auto piece = store.piece(t, 0);
    for (auto& reference : piece) reference.reason = reason::kNoSuchInstance;  // as it was found then
    store.update_piece(t, 0, piece);
  }
  Scene scene(memory);
  scene.run();
  REQUIRE(scene.finished());
  CHECK(scene.archive.opened == 1);
  CHECK(scene.only_one().failed == TransactionStore::kPiece);
}

TEST_CASE("the same request again is one with the first, and uses the newer association") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.requester.reachable = false;
  scene.settings.retry_interval = scene.settings.longest_retry_interval = 1h;
  scene.run();
  scene.commitments->accept(transaction("9.1"), references({"1.1"}), nullptr);
  REQUIRE(eventually([&] { return scene.only_one().attempts == 1; }));
  scene.commitments->accept(transaction("9.1"), references({"1.1"}), scene.requester.own_association());
  REQUIRE(scene.finished());
  CHECK(scene.requester.reports().size() == 1);
  CHECK(scene.only_one().state == Transaction::State::reported);
}

TEST_CASE("another request under a transaction UID that is in use fails as a whole") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.requester.reachable = false;
  scene.settings.retry_interval = scene.settings.longest_retry_interval = 1h;
  scene.run();
  scene.commitments->accept(transaction("9.1"), references({"1.1"}), nullptr);
  REQUIRE(eventually([&] { return scene.only_one().attempts == 1; }));
  scene.commitments->accept(transaction("9.1"), references({"1.1", "1.2"}), scene.requester.own_association());
  REQUIRE(eventually([&] { return !scene.requester.reports().empty(); }));
  const auto report = scene.requester.reports().at(0);
  CHECK(report.event_type == 2);
  CHECK(report.committed.empty());
  CHECK(report.failed == std::vector<std::pair<std::string, uint16_t>>{{"1.1", 0x0131}, {"1.2", 0x0131}});
  CHECK(eventually([&] { return scene.commitments->unfinished() == 1; }));
}

TEST_CASE("no more requests are taken than can be kept track of") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.requester.reachable = false;
  scene.settings.maximum_unfinished = 2;
  scene.run();
  scene.commitments->accept(transaction("9.1"), references({"1.1"}), nullptr);
  scene.commitments->accept(transaction("9.2"), references({"1.1"}), nullptr);
  CHECK_THROWS_AS(scene.commitments->accept(transaction("9.3"), references({"1.1"}), nullptr), Error);
}

TEST_CASE("finished requests are forgotten after a while, unfinished ones never") {
  MemoryStateStore memory;
  Scene scene(memory);
  scene.requester.reachable = false;
  auto old = transaction("9.1");
  old.state = Transaction::State::reported;
  old.changed_us = old.requested_us = now_us() - 1'000'000'000;
  scene.store.add(old, references({"1.1"}));
  auto waiting = old;
  waiting.uid = "9.2";
  waiting.state = Transaction::State::reporting;
  scene.store.add(waiting, references({"1.1"}));
  scene.settings.keep = 500s;
  scene.run();
  CHECK(eventually([&] {
    std::vector<std::string> left;
    scene.store.for_each([&](const Transaction& t) { left.push_back(t.uid); }, [](const std::string&) {});
    return left == std::vector<std::string>{"9.2"};
  }));
}
