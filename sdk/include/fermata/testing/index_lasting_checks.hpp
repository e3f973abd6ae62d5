#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "fermata/testing/conformance.hpp"
#include "fermata/testing/index_storing_checks.hpp"

// Checks of an index over time: its changes, cursors while others write, threads, opening it again.
namespace fermata::testing::index_checks {

inline SampleInstance numbered(const std::string& study, std::size_t series, std::size_t number) {
  const auto uid = study + "." + std::to_string(series);
  return SampleInstance(study, uid, uid + "." + std::to_string(number)).set(a::instance_number, std::to_string(number));
}

inline void change_feed(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const auto samples = three_studies();
  probe.store(samples);
  probe.remove("1.1", "1.1.1.1");
  probe.store(samples[0]);
  std::vector<uint64_t> sequences;
  int64_t earlier = 0;
  const auto cursor = subject.index().changes(0);
  Change change;
  while (cursor->next(change)) {
    sequences.push_back(change.sequence);
    CHECK(change.time_us >= earlier);
    earlier = change.time_us;
  }
  CHECK(sequences == std::vector<uint64_t>{1, 2, 3, 4, 5, 6, 7});
  CHECK(earlier > int64_t{1'600'000'000'000'000});  // microseconds since 1970
  CHECK(probe.changes(5) == Strings{"removed 1.1 1.1.1 1.1.1.1", "stored 1.1 1.1.1 1.1.1.1"});
  CHECK(probe.changes(7).empty());
  CHECK(probe.changes(1000).empty());
  CHECK(probe.changes(UINT64_MAX).empty());
}

/// Threads commit to different studies while one reads on from the last change it has seen, as those do who copy the
/// archive elsewhere: a number that becomes visible before a lower one would be lost to it.
inline void changes_followed_while_threads_write(IndexSubject& subject) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kInstances = 100;
  auto& index = subject.index();
  std::atomic<std::size_t> writing{kThreads};
  std::vector<uint64_t> followed;
  in_threads(kThreads + 1, [&](std::size_t thread) {
    if (thread < kThreads) {
      IndexProbe probe(index);
      for (std::size_t i = 0; i < kInstances; ++i) probe.store(numbered("1." + std::to_string(thread + 1), 1, i));
      --writing;
      return;
    }
    for (bool last = false; !last;) {
      last = writing == 0;
      const auto cursor = index.changes(followed.empty() ? 0 : followed.back());
      Change change;
      while (cursor->next(change)) followed.push_back(change.sequence);
    }
  });
  std::vector<uint64_t> all(kThreads * kInstances);
  std::iota(all.begin(), all.end(), uint64_t{1});
  CHECK(followed == all);
}

inline void cursors_stay_as_they_began(IndexSubject& subject) {
  auto& index = subject.index();
  IndexProbe probe(index);
  probe.store(three_studies());
  const auto identifier = keys({{a::study_instance_uid, ""}, {a::study_related_instances, ""}});
  Query query;
  query.identifier = identifier.bytes();
  const auto matches = index.find(query);
  const auto instances = index.instances({});
  const auto changes = index.changes(0);
  std::span<const std::byte> bytes;
  REQUIRE(matches->next(bytes));
  InstanceRecord record;
  REQUIRE(instances->next(record));

  probe.remove("1.2", "1.2.1.1");
  probe.remove("2.1", "2.1.1.1");
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.0"));
  probe.store(SampleInstance("3.1", "3.1.1", "3.1.1.1"));

  Strings studies{Answer(bytes)[a::study_instance_uid] + ":" + Answer(bytes)[a::study_related_instances]};
  while (matches->next(bytes))
    studies.push_back(Answer(bytes)[a::study_instance_uid] + ":" + Answer(bytes)[a::study_related_instances]);
  std::sort(studies.begin(), studies.end());
  CHECK(studies == Strings{"1.1:3", "1.2:1", "2.1:1"});
  std::size_t count = 1;
  while (instances->next(record)) ++count;
  CHECK(count == 5);
  Change change;
  count = 0;
  while (changes->next(change)) ++count;
  CHECK(count >= 5);
  CHECK(probe.find(Level::study, {}, a::study_instance_uid) == Strings{"1.1", "3.1"});
}

inline void threads_on_different_studies(IndexSubject& subject) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kInstances = 50;
  auto& index = subject.index();
  in_threads(kThreads, [&](std::size_t thread) {
    IndexProbe probe(index);
    const auto study = "1." + std::to_string(thread + 1);
    for (std::size_t i = 0; i < kInstances; ++i) probe.store(numbered(study, i % 3, i));
    for (std::size_t i = 0; i < kInstances; i += 5)
      probe.remove(study, study + "." + std::to_string(i % 3) + "." + std::to_string(i));
  });
  IndexProbe probe(index);
  CHECK(index.statistics().instances == kThreads * kInstances * 4 / 5);
  CHECK(index.statistics().series == kThreads * 3);
  CHECK(probe.find(Level::study, {}, a::study_related_instances) == Strings(kThreads, "40"));
  CHECK(probe.find(Level::patient, {}, a::patient_related_instances) == Strings{"160"});
  CHECK(probe.changes().size() == kThreads * kInstances * 6 / 5);
}

inline void threads_on_one_study(IndexSubject& subject) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kInstances = 50;
  auto& index = subject.index();
  in_threads(kThreads, [&](std::size_t thread) {
    IndexProbe probe(index);
    for (std::size_t i = 0; i < kInstances; ++i) {
      probe.store(numbered("1", thread, i));
      probe.store(numbered("1", 9, i));  // all of them this one
    }
  });
  IndexProbe probe(index);
  CHECK(probe.find(Level::study, {}, a::study_related_instances) ==
        Strings{std::to_string((kThreads + 1) * kInstances)});
  CHECK(probe.find(Level::series, {}, a::series_related_instances) ==
        Strings(kThreads + 1, std::to_string(kInstances)));
  CHECK(probe.instances().size() == (kThreads + 1) * kInstances);
  const auto changes = probe.changes();
  CHECK(changes.size() == (kThreads + 1) * kInstances);
  CHECK(std::all_of(changes.begin(), changes.end(), [](const auto& c) { return c.starts_with("stored"); }));
}

/// True if `condition` comes true within a second.
template <class F>
bool soon(F&& condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return condition();
}

inline void one_transaction_of_a_study_at_a_time(IndexSubject& subject) {
  auto& index = subject.index();
  std::atomic<bool> held{false};
  std::atomic<bool> waiting{false};
  std::atomic<bool> entered{false};
  bool entered_too_early = false;
  const auto sample = numbered("1", 1, 1);
  in_threads(2, [&](std::size_t thread) {
    if (thread == 0) {
      const auto t = index.begin("1");
      held = true;
      soon([&] { return waiting.load(); });
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      entered_too_early = entered;
      t->upsert(sample.record());
      t->commit();
    } else {
      soon([&] { return held.load(); });
      waiting = true;
      const auto t = index.begin("1");
      entered = true;
    }
  });
  CHECK(entered);
  CHECK_FALSE(entered_too_early);
}

/// Two instances come and go together: nobody ever sees one of them.
inline void readers_see_whole_transactions(IndexSubject& subject) {
  auto& index = subject.index();
  const auto x = numbered("1", 1, 1);
  const auto y = numbered("1", 2, 2);
  std::atomic<bool> done{false};
  std::atomic<int> halves{0};
  in_threads(3, [&](std::size_t thread) {
    IndexProbe probe(index);
    if (thread == 0) {
      for (int i = 0; i < 100; ++i) {
        const auto t = index.begin("1");
        if (i % 2 == 0) {
          t->upsert(x.record());
          t->upsert(y.record());
        } else {
          t->remove(x.record().sop_instance_uid);
          t->remove(y.record().sop_instance_uid);
        }
        t->commit();
      }
      done = true;
      return;
    }
    while (!done) {
      if (probe.instances().size() == 1) ++halves;
      for (const auto& count : probe.find(Level::study, {}, a::study_related_instances))
        if (count != "2") ++halves;
      const auto statistics = index.statistics();
      if (statistics.instances == 1 || statistics.series == 1) ++halves;
    }
  });
  CHECK(halves == 0);
}

inline void one_uid_in_two_studies_at_once(IndexSubject& subject) {
  auto& index = subject.index();
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> stored{0};
    std::atomic<int> conflicts{0};
    const auto uid = "9." + std::to_string(round + 1);
    in_threads(4, [&](std::size_t thread) {
      const auto study = "1." + std::to_string(thread + 1);
      const SampleInstance sample(study, study + ".1", uid);
      const auto code = code_of([&] { IndexProbe(index).store(sample); });
      if (code == Code::conflict)
        ++conflicts;
      else if (code == kNoError)
        ++stored;
    });
    CHECK(stored == 1);
    CHECK(conflicts == 3);
  }
  CHECK(index.statistics().instances == 20);
  CHECK(IndexProbe(index).changes().size() == 20);
}

/// Two studies name the same UID before either has committed.
inline void one_uid_in_two_open_transactions(IndexSubject& subject) {
  auto& index = subject.index();
  std::atomic<bool> first_has_named_it{false};
  std::atomic<bool> second_is_done{false};
  std::vector<Code> codes(2);
  in_threads(2, [&](std::size_t thread) {
    const auto study = "1." + std::to_string(thread + 1);
    const SampleInstance sample(study, study + ".1", "9.9");
    if (thread == 1) soon([&] { return first_has_named_it.load(); });
    codes[thread] = code_of([&] {
      const auto t = index.begin(study);
      t->upsert(sample.record());
      if (thread == 0) {
        first_has_named_it = true;
        soon([&] { return second_is_done.load(); });  // not for ever: the studies may share a lock
      }
      t->commit();
    });
    if (thread == 1) second_is_done = true;
  });
  std::sort(codes.begin(), codes.end());
  CHECK(codes == std::vector<Code>{kNoError, Code::conflict});
  CHECK(index.statistics().instances == 1);
  CHECK(index.statistics().studies == 1);
  CHECK(IndexProbe(index).changes().size() == 1);
}

inline void opened_again(IndexSubject& subject) {
  {
    IndexProbe probe(subject.index());
    probe.store(three_studies());
    probe.remove("2.1", "2.1.1.1");
    subject.index().sync();
  }
  if (!subject.reopen()) throw SkippedCheck("the index keeps nothing");
  IndexProbe probe(subject.index());
  CHECK(probe.instances() == Strings{"1.1.1.1", "1.1.1.2", "1.1.2.1", "1.2.1.1"});
  CHECK(probe.changes().size() == 6);
  CHECK(probe.find(Level::study, keys({{a::patient_name, "doe*"}}), a::study_related_instances) == Strings{"1", "3"});
  CHECK(probe.find(Level::patient, {}, a::patient_related_instances) == Strings{"4"});
  const auto s = subject.index().statistics();
  CHECK(s.studies == 2);
  CHECK(s.series == 3);
  CHECK(s.instances == 4);
  CHECK(s.bytes == 4000);
  probe.store(SampleInstance("2.1", "2.1.1", "2.1.1.1"));
  CHECK(probe.changes(6) == Strings{"stored 2.1 2.1.1 2.1.1.1"});
  {
    const auto cursor = subject.index().changes(6);
    Change change;
    REQUIRE(cursor->next(change));
    CHECK(change.sequence == 7);
  }
  REQUIRE(subject.reopen());  // without sync: the process has ended, the power has not
  CHECK(subject.index().statistics().instances == 5);
  subject.index().clear();
  REQUIRE(subject.reopen());
  CHECK(subject.index().statistics().instances == 0);
  IndexProbe(subject.index()).store(SampleInstance("2.1", "2.1.1", "2.1.1.1"));
  CHECK(IndexProbe(subject.index()).changes(7) == Strings{"stored 2.1 2.1.1 2.1.1.1"});
}

}  // namespace fermata::testing::index_checks
