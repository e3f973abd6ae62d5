#include "renewal.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <thread>

#include "consistent_index.hpp"
#include "encoding.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "opened_renewal.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;
using fermata::testing::code_of;
using fermata::testing::IndexProbe;
using fermata::testing::SampleInstance;
using Strings = std::vector<std::string>;
namespace a = fermata::testing::attribute;

namespace {

SampleInstance instance(const std::string& study, int number) {
  return SampleInstance(study, study + ".1", study + ".1." + std::to_string(number)).set(a::patient_id, "P" + study);
}

void put_in(NewIndex& made, const SampleInstance& instance) { made.put(instance.record()); }

void renew(RenewableIndex& opened) {
  const auto made = opened.renewal.begin();
  fill(*made, opened.index);
  made->take_over();
}

std::set<uint64_t> generations(OpenedRenewal& opened) { return opened->database.generations().all(); }

std::string document(StateStore& store, std::string_view id) {
  const auto cursor = store.list("test", id);
  Document found;
  if (!cursor->next(found) || found.id != id) return "none";
  return std::string(chars(found.content)) + " " + std::to_string(found.version);
}

void put(StateStore& store, std::string_view id, std::string_view content) {
  store.put("test", id, bytes(content), StateStore::kAny);
}

}  // namespace

TEST_CASE("a new index takes over with what was put into it, and its changes follow the old one's") {
  OpenedRenewal opened;
  IndexProbe probe(opened->index);
  probe.store({instance("1.1", 1), instance("1.1", 2), instance("1.2", 1)});
  auto made = opened->renewal.begin();
  put_in(*made, instance("1.1", 1));
  put_in(*made, instance("1.3", 7));  // which the old one had lost
  CHECK(probe.instances() == Strings{"1.1.1.1", "1.1.1.2", "1.2.1.1"});
  made->take_over();
  made.reset();
  CHECK(probe.instances() == Strings{"1.1.1.1", "1.3.1.7"});
  CHECK(probe.find(Level::study, testing::keys({{a::patient_id, "P1.3"}}), a::study_instance_uid) == Strings{"1.3"});
  CHECK(probe.find(Level::study, testing::keys({{a::patient_id, "P1.2"}}), a::study_instance_uid).empty());
  probe.remove("1.3", "1.3.1.7");
  CHECK(probe.changes(2) == Strings{"stored 1.2 1.2.1 1.2.1.1", "removed 1.3 1.3.1 1.3.1.7"});
  check_consistent(opened->index);
  opened.reopen();
  CHECK(IndexProbe(opened->index).instances() == Strings{"1.1.1.1"});
  CHECK(IndexProbe(opened->index).changes().size() == 4);
}

TEST_CASE("what is stored, replaced, moved and removed meanwhile is so in the new index, too") {
  OpenedRenewal opened;
  IndexProbe probe(opened->index);
  for (int i = 1; i <= 5; ++i) probe.store(instance("1.1", i));
  const auto made = opened->renewal.begin();
  fill(*made, opened->index);
  probe.remove("1.1", "1.1.1.1");
  probe.store(instance("1.1", 2).set(a::patient_id, "another"));
  probe.remove("1.1", "1.1.1.3");
  probe.store(SampleInstance("1.2", "1.2.1", "1.1.1.3"));  // to another study
  probe.remove("1.1", "1.1.1.4");
  probe.store(SampleInstance("1.1", "1.1.2", "1.1.1.4"));  // to another series
  probe.store(instance("1.3", 1));
  const auto there = probe.instances();
  SECTION("in one go") { CHECK(made->catch_up(1000) == 7); }
  SECTION("by and by") {
    for (int i = 0; i < 7; ++i) CHECK(made->catch_up(1) == 1);
  }
  SECTION("at the end") { CHECK(made->catch_up(0) == 0); }
  SECTION("not all of it before the end") {
    CHECK(made->catch_up(3) == 3);
    probe.remove("1.1", "1.1.1.5");
    probe.store(instance("1.1", 5));
  }
  made->take_over();
  CHECK(probe.instances() == there);
  CHECK(probe.find(Level::study, testing::keys({{a::study_instance_uid, "1.1"}, {a::study_related_instances, ""}}),
                   a::study_related_instances) == Strings{"3"});
  CHECK(opened->index.statistics().instances == 5);
  check_consistent(opened->index);
}

TEST_CASE("a whole study that is removed meanwhile leaves the new index, too") {
  OpenedRenewal opened;
  IndexProbe probe(opened->index);
  for (int i = 1; i <= 300; ++i) probe.store(instance("1.1", i));
  probe.store(instance("1.2", 1));
  const auto made = opened->renewal.begin();
  fill(*made, opened->index);
  {
    const auto removing = opened->index.begin("1.1");
    for (int i = 1; i <= 300; ++i) removing->remove("1.1.1." + std::to_string(i));
    removing->commit();
  }
  made->take_over();
  CHECK(probe.instances() == Strings{"1.2.1.1"});
  check_consistent(opened->index);
}

TEST_CASE("a cursor that began on the old index ends there") {
  OpenedRenewal opened;
  IndexProbe probe(opened->index);
  for (int i = 1; i <= 50; ++i) probe.store(instance("1.1", i));
  Selection everything;
  everything.with_headers = true;
  auto cursor = opened->index.instances(everything);
  InstanceRecord record;
  REQUIRE(cursor->next(record));
  opened->renewal.begin()->take_over();
  CHECK(probe.instances().empty());
  CHECK(generations(opened).size() == 2);
  int left = 0;
  while (cursor->next(record)) ++left;
  CHECK(left == 49);
  cursor.reset();
  CHECK(generations(opened).size() == 1);
}

TEST_CASE("a transaction that is open holds the switch back, and one that begins then is of the new index") {
  OpenedRenewal opened;
  IndexProbe probe(opened->index);
  auto transaction = opened->index.begin("1.1");
  const auto first = instance("1.1", 1);
  transaction->upsert(first.record());
  const auto made = opened->renewal.begin();
  std::atomic<bool> switched{false};
  std::thread switching([&] {
    made->take_over();
    switched = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK_FALSE(switched);
  std::thread storing([&] { IndexProbe(opened->index).store(instance("1.2", 1)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(opened->index.statistics().instances == 0);
  transaction->commit();
  transaction.reset();
  switching.join();
  storing.join();
  CHECK(probe.instances() == Strings{"1.1.1.1", "1.2.1.1"});
  check_consistent(opened->index);
}

TEST_CASE("documents are what they were, with what becomes of them meanwhile") {
  OpenedRenewal opened;
  put(opened->store, "kept", "a");
  put(opened->store, "changed", "b");
  auto made = opened->renewal.begin();
  put(opened->store, "changed", "c");
  put(opened->store, "new", "d");
  made->take_over();
  made.reset();
  put(opened->store, "later", "e");
  opened.reopen();
  CHECK(document(opened->store, "kept") == "a 1");
  CHECK(document(opened->store, "changed") == "c 2");
  CHECK(document(opened->store, "new") == "d 1");
  CHECK(document(opened->store, "later") == "e 1");
}

TEST_CASE("one that was interrupted is gone on with, and knows what has changed since it was begun") {
  OpenedRenewal opened;
  IndexProbe(opened->index).store({instance("1.1", 1), instance("1.1", 2)});
  {
    const auto made = opened->renewal.begin();
    put_in(*made, instance("1.1", 1));
    IndexProbe(opened->index).store(instance("1.2", 1));
    made->save("as far as 1");
  }
  opened.reopen();
  CHECK(IndexProbe(opened->index).instances() == Strings{"1.1.1.1", "1.1.1.2", "1.2.1.1"});
  IndexProbe(opened->index).remove("1.1", "1.1.1.1");
  const auto made = opened->renewal.resume();
  CHECK(made->position() == "as far as 1");
  CHECK(made->statistics().instances == 1);
  put_in(*made, instance("1.1", 2));
  made->take_over();
  CHECK(IndexProbe(opened->index).instances() == Strings{"1.1.1.2", "1.2.1.1"});
  check_consistent(opened->index);
}

TEST_CASE("one that is begun anew knows nothing of the one that was interrupted") {
  OpenedRenewal opened;
  put_in(*opened->renewal.begin(), instance("1.1", 1));
  const auto made = opened->renewal.begin();
  CHECK(made->position().empty());
  CHECK(made->statistics().instances == 0);
  CHECK(generations(opened).size() == 2);
}

TEST_CASE("one new index is made at a time, and one that is given up leaves nothing") {
  OpenedRenewal opened;
  CHECK(code_of([&] { opened->renewal.resume(); }) == Code::not_found);
  CHECK_FALSE(opened->renewal.abandon());
  {
    const auto made = opened->renewal.begin();
    CHECK(code_of([&] { opened->renewal.begin(); }) == Code::conflict);
    CHECK(code_of([&] { opened->renewal.resume(); }) == Code::conflict);
    CHECK(code_of([&] { opened->renewal.abandon(); }) == Code::conflict);
  }
  CHECK(opened->renewal.abandon());
  CHECK(code_of([&] { opened->renewal.resume(); }) == Code::not_found);
  CHECK(generations(opened).size() == 1);
}

TEST_CASE("what is not in use goes at the next start, and what can be gone on with stays") {
  OpenedRenewal opened;
  IndexProbe(opened->index).store(instance("1.1", 1));
  opened->renewal.begin()->save("here");
  opened->database.generations().make(77);  // as an end before it was written down leaves it
  opened.reopen();
  CHECK(generations(opened) == std::set<uint64_t>{0, 1});
  CHECK(opened->renewal.resume()->position() == "here");
  CHECK(IndexProbe(opened->index).instances() == Strings{"1.1.1.1"});
}

TEST_CASE("an index that is emptied makes the new one worthless") {
  OpenedRenewal opened;
  opened->renewal.begin()->save("here");
  opened->index.clear();
  CHECK(code_of([&] { opened->renewal.resume(); }) == Code::not_found);
  opened.reopen();
  CHECK(generations(opened).size() == 1);
}

TEST_CASE("a version that knows of no generations is kept from opening one") {
  OpenedRenewal opened;
  const auto format = [&] {
    std::string value;
    REQUIRE(opened->database.get_common(kFormatKey, value));
    return Decoder(value).varint();
  };
  CHECK(format() == 1);
  renew(*opened.operator->());
  CHECK(format() == 2);
}

TEST_CASE("an index can be made anew again and again while others write and read") {
  OpenedRenewal opened;
  std::atomic<bool> stop{false};
  std::vector<std::set<std::string>> there(3);
  std::vector<std::thread> writers;
  for (unsigned w = 0; w < there.size(); ++w)
    writers.emplace_back([&, w] {
      std::mt19937 random(w);
      IndexProbe probe(opened->index);
      while (!stop) {
        const std::string study = "1." + std::to_string(w) + std::to_string(random() % 3);
        const int number = static_cast<int>(random() % 40);
        const auto uid = study + ".1." + std::to_string(number);
        if (random() % 3 == 0) {
          probe.remove(study, uid);
          there[w].erase(uid);
        } else {
          probe.store(instance(study, number).set(a::instance_number, std::to_string(random() % 50)));
          there[w].insert(uid);
        }
      }
    });
  std::thread reader([&] {
    IndexProbe probe(opened->index);
    while (!stop) probe.find(Level::image, testing::keys({{a::sop_instance_uid, ""}}));
  });
  for (int round = 0; round < 8; ++round) renew(*opened.operator->());
  stop = true;
  for (auto& writer : writers) writer.join();
  reader.join();
  std::set<std::string> expected;
  for (const auto& uids : there) expected.insert(uids.begin(), uids.end());
  const auto found = IndexProbe(opened->index).instances();
  CHECK(std::set<std::string>(found.begin(), found.end()) == expected);
  CHECK(generations(opened).size() == 1);
  check_consistent(opened->index);
}
