#include <catch2/catch.hpp>

#include <array>
#include <atomic>
#include <random>
#include <thread>

#include "consistent_index.hpp"
#include "fermata/testing/index_probe.hpp"
#include "fermata/testing/memory_index.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "opened_index.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;
using testing::SampleInstance;
namespace a = fermata::testing::attribute;

namespace {

uint64_t entries(const Database& database, Family family) {
  uint64_t n = 0;
  const auto at = database.iterate(family, nullptr, nullptr);
  for (at->SeekToFirst(); at->Valid(); at->Next()) ++n;
  return n;
}

std::string name_of(testing::IndexProbe& probe) {
  return probe.find(Level::study, testing::keys({{a::patient_name, ""}})).at(0)[a::patient_name];
}

}  // namespace

TEST_CASE("a transaction that was committed takes no more") {
  OpenedIndex opened;
  const SampleInstance sample("1.1", "1.1.1", "1.1.1.1");
  const auto t = opened.index->begin("1.1");
  t->upsert(sample.record());
  t->commit();
  CHECK_THROWS_AS(t->upsert(sample.record()), Error);
  CHECK_THROWS_AS(t->remove("1.1.1.1"), Error);
  CHECK_THROWS_AS(t->commit(), Error);
}

TEST_CASE("what has gone leaves nothing behind, in any family") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  for (const char* number : {"1", "2", "3"})
    probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.1").set(a::instance_number, number).set(a::patient_name, number));
  CHECK(entries(*opened.database, Family::headers) == 1);
  CHECK(entries(*opened.database, Family::uids) == 2);  // of the instance and of the series
  probe.remove("1.1", "1.1.1.1");
  for (const auto family : {Family::records, Family::uids, Family::patients, Family::keys, Family::headers})
    CHECK(entries(*opened.database, family) == 0);
  CHECK(entries(*opened.database, Family::meta) == 2);  // format and totals
}

TEST_CASE("clear empties every family but the state store's") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.1"));
  opened.store->put("test", "kept", {}, StateStore::kAbsent);
  for (const bool held : {true, false}) {  // with and without somebody who still reads
    const auto cursor = held ? opened.index->instances({}) : nullptr;
    opened.index->clear();
    for (const auto family :
         {Family::records, Family::uids, Family::patients, Family::keys, Family::headers, Family::changes})
      CHECK(entries(*opened.database, family) == 0);
  }
  CHECK(entries(*opened.database, Family::state) == 1);
  CHECK(entries(*opened.database, Family::meta) == 2);
  opened.reopen();
  CHECK(opened.index->statistics().instances == 0);
  testing::IndexProbe again(*opened.index);
  again.store(SampleInstance("1.1", "1.1.1", "1.1.1.1"));
  CHECK(again.changes(1).size() == 1);
}

TEST_CASE("a study loses the attributes of an instance that has gone") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.9").set(a::patient_name, "FIRST"));
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.5").set(a::patient_name, "SECOND"));
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.7").set(a::patient_name, "THIRD").set(a::accession_number, "A3"));
  CHECK(name_of(probe) == "FIRST");
  probe.remove("1.1", "1.1.1.9");
  CHECK(name_of(probe) == "SECOND");
  CHECK(probe.find(Level::study, testing::keys({{a::accession_number, "A3"}})).size() == 1);
  probe.remove("1.1", "1.1.1.7");
  CHECK(name_of(probe) == "SECOND");
  CHECK(probe.find(Level::study, testing::keys({{a::accession_number, "A3"}})).empty());
}

TEST_CASE("a correction of the first instance is the study's, one of another instance is not") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.1"));
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.2"));
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.2").set(a::patient_name, "POE^JIM"));
  CHECK(name_of(probe) == "DOE^JOHN");
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.1").set(a::patient_name, "POE^JIM"));
  CHECK(name_of(probe) == "POE^JIM");
  CHECK(probe.find(Level::patient, testing::keys({{a::patient_name, "doe*"}})).empty());
}

TEST_CASE("a writer waits for the one before it on the same study, and others do not") {
  OpenedIndex opened;
  auto first = opened.index->begin("1.1");
  std::atomic<bool> second_began{false};
  std::thread second([&] {
    const auto t = opened.index->begin("1.1");
    second_began = true;
  });
  testing::IndexProbe(*opened.index).store(SampleInstance("1.2", "1.2.1", "1.2.1.1"));
  CHECK_FALSE(second_began);
  first.reset();
  second.join();
  CHECK(second_began);
}

TEST_CASE("of studies that are written together and claim one instance, one gets it and the others lose nothing else") {
  OpenedIndex opened;
  constexpr std::size_t kWriters = 8;
  constexpr int kRounds = 60;
  std::array<std::atomic<int>, kRounds> winners{};
  testing::in_threads(kWriters, [&](std::size_t writer) {
    const std::string study = "1." + std::to_string(writer + 1);
    for (int round = 0; round < kRounds; ++round) {
      const std::string number = std::to_string(round + 1);
      testing::IndexProbe(*opened.index).store(SampleInstance(study, study + ".1", study + ".1." + number));
      const auto code = testing::code_of([&] {
        testing::IndexProbe(*opened.index).store(SampleInstance(study + ".9", study + ".9.1", "9." + number));
      });
      if (code == testing::kNoError)
        ++winners[static_cast<std::size_t>(round)];
      else if (code != Code::conflict)
        throw Error(code, "something else than a conflict");
    }
  });
  for (const auto& count : winners) CHECK(count == 1);
  CHECK(opened.index->statistics().instances == kRounds * (kWriters + 1));
  opened.reopen();
  CHECK(opened.index->statistics().instances == kRounds * (kWriters + 1));
  check_consistent(*opened.index);
}

TEST_CASE("of many instances that are removed in one step, those that come again within it are as they were") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  constexpr int kInstances = 120;
  const auto uid = [](int i) { return "1.1.1." + std::to_string(1000 + i); };
  const auto sample = [&](int i) {
    return SampleInstance("1.1", i % 2 == 0 ? "1.1.1" : "1.1.2", uid(i)).set(a::instance_number, std::to_string(i));
  };
  for (int i = 0; i < kInstances; ++i) probe.store(sample(i));
  const auto before = opened.index->statistics();

  {
    const auto t = opened.index->begin("1.1");
    for (int i = 0; i < kInstances - 1; ++i) CHECK(t->remove(uid(i)));
    CHECK_FALSE(t->remove(uid(0)));
    CHECK_FALSE(t->remove("1.9"));
    const auto same = sample(3);
    const auto other = sample(100).set(a::patient_name, "OTHER");
    t->upsert(same.record());
    t->upsert(other.record());
    t->commit();
  }

  const auto after = opened.index->statistics();
  CHECK(after.instances == 3);
  CHECK(after.series == 2);
  CHECK(after.bytes == before.bytes / kInstances * 3);
  CHECK(entries(*opened.database, Family::headers) == 3);
  CHECK(entries(*opened.database, Family::uids) == 3 + 2);
  const auto changes = probe.changes(kInstances);
  CHECK(changes.size() == kInstances - 2);  // all but the one that is as it was, and the one that stayed
  probe.remove("1.1", uid(3));
  probe.remove("1.1", uid(100));
  probe.remove("1.1", uid(kInstances - 1));
  for (const auto family : {Family::records, Family::uids, Family::patients, Family::keys, Family::headers})
    CHECK(entries(*opened.database, family) == 0);
}

TEST_CASE("what a transaction leaves to the next one on its study is what is stored") {
  OpenedIndex opened;
  fermata::testing::MemoryIndex memory;
  testing::IndexProbe probe(*opened.index);
  testing::IndexProbe expected(memory);
  std::mt19937 random(7);
  const auto below = [&](unsigned n) { return random() % n; };
  const auto all_values = [](testing::IndexProbe& of) {
    std::vector<std::string> values;
    const auto add = [&](Level level, testing::Attribute attribute) {
      for (auto& value : of.find(level, {}, attribute)) values.push_back(std::move(value));
    };
    for (const auto attribute :
         {a::patient_name, a::modalities_in_study, a::study_related_instances, a::study_related_series})
      add(Level::study, attribute);
    for (const auto attribute : {a::series_instance_uid, a::modality, a::series_related_instances})
      add(Level::series, attribute);
    return values;
  };
  for (int step = 0; step < 400; ++step) {
    const std::string study = "1." + std::to_string(1 + below(2));
    const std::string series = study + "." + std::to_string(1 + below(2));
    const std::string uid = series + "." + std::to_string(1 + below(3));
    if (below(3) == 0) {
      CHECK(probe.remove(study, uid) == expected.remove(study, uid));
    } else {
      const auto instance = SampleInstance(study, series, uid)
                                .set(a::patient_name, "NAME" + std::to_string(below(3)))
                                .set(a::modality, below(2) == 0 ? "CT" : "MR");
      probe.store(instance);
      expected.store(instance);
    }
    if (step % 50 == 49) {
      opened.index->clear();
      memory.clear();
    }
    if (step % 90 == 89) {  // one that fails leaves nothing behind
      const SampleInstance another(study, study + ".9", study + ".9.9");
      const auto broken = opened.index->begin(study);
      broken->upsert(another.record());
    }
    INFO("step " << step);
    REQUIRE(all_values(probe) == all_values(expected));
  }
}
