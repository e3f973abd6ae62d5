#pragma once
#include <catch2/catch.hpp>

#include <set>
#include <string>

#include "fermata/testing/conformance.hpp"
#include "fermata/testing/index_lasting_checks.hpp"
#include "fermata/testing/killed_process.hpp"

// Checks of an index whose process ends without warning; index_conformance.hpp runs them.
namespace fermata::testing::index_checks {

inline void needs_to_be_killed(const IndexSubject& subject) {
  if (!subject.may_be_killed()) throw SkippedCheck("what the index has does not survive its process");
}

/// Each transaction stores two instances of a study of its thread, so that a half of one would be seen.
inline void commits_outlive_a_killed_process(IndexSubject& subject) {
  needs_to_be_killed(subject);
  const auto said = run_and_kill(60, [&](const Say& say) {
    auto& index = subject.index();
    in_threads(3, [&](std::size_t thread) {
      const auto study = "1." + std::to_string(thread + 1);
      for (std::size_t i = 1; i < 1000; ++i) {
        const auto transaction = index.begin(study);
        const auto first = numbered(study, 1, i);
        const auto second = numbered(study, 2, i);
        transaction->upsert(first.record());
        transaction->upsert(second.record());
        transaction->commit();
        say(first.record().sop_instance_uid);
      }
    });
  });
  CHECK(said.size() >= 60);

  IndexProbe probe(subject.index());
  const auto list = probe.instances();
  const std::set<std::string> stored(list.begin(), list.end());
  for (const auto& uid : said) CHECK(stored.count(uid) == 1);
  CHECK(subject.index().statistics().instances == stored.size());
  std::size_t counted = 0;
  for (const auto& answer :
       probe.find(Level::series, keys({{a::series_instance_uid, ""}, {a::series_related_instances, ""}}))) {
    const auto count = std::stoul(answer[a::series_related_instances]);
    counted += count;
    const auto series = answer[a::series_instance_uid];
    const auto twin = series.substr(0, series.size() - 1) + (series.back() == '1' ? "2" : "1");
    CHECK(probe.find(Level::series, keys({{a::series_instance_uid, twin}}), a::series_related_instances) ==
          Strings{std::to_string(count)});
  }
  CHECK(counted == stored.size());
  const auto changes = subject.index().changes(0);
  uint64_t sequence = 0;
  for (Change change; changes->next(change);) CHECK(change.sequence == ++sequence);
  CHECK(sequence == stored.size());
}

inline void open_transaction_of_a_killed_process(IndexSubject& subject) {
  needs_to_be_killed(subject);
  run_and_kill(1, [&](const Say& say) {
    auto& index = subject.index();
    IndexProbe(index).store(numbered("1", 1, 1));
    const auto transaction = index.begin("1");
    const auto second = numbered("1", 1, 2);
    transaction->upsert(second.record());
    say("open");
    for (;;) ::pause();
  });
  IndexProbe probe(subject.index());
  CHECK(probe.instances() == Strings{"1.1.1"});
  CHECK(probe.changes().size() == 1);
  probe.store(numbered("1", 1, 2));
  CHECK(probe.changes(1) == Strings{"stored 1 1.1 1.1.2"});
}

}  // namespace fermata::testing::index_checks
