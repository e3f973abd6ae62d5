#pragma once
#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>

#include "fermata/testing/index_probe.hpp"

namespace fermata::index_rocksdb {

struct CountedStudy {
  std::set<std::string> series;
  uint64_t instances = 0;
};

/// Compares everything that is counted or indexed with the instances themselves.
inline void check_consistent(Index& index) {
  namespace a = fermata::testing::attribute;
  std::map<std::string, CountedStudy> studies;
  std::set<std::pair<std::string, std::string>> series;
  uint64_t instances = 0;
  uint64_t bytes = 0;
  Selection everything;
  everything.with_headers = true;
  const auto cursor = index.instances(everything);
  InstanceRecord record;
  while (cursor->next(record)) {
    auto& study = studies[std::string(record.study_instance_uid)];
    study.series.emplace(record.series_instance_uid);
    ++study.instances;
    series.emplace(record.study_instance_uid, record.series_instance_uid);
    ++instances;
    bytes += record.blob_length;
    CHECK(dicom::DataSetView(record.header).text(dicom::kSopInstanceUid) == record.sop_instance_uid);
    const std::string_view uids[]{record.sop_instance_uid};
    Selection one;
    one.sop_instance_uids = uids;
    InstanceRecord found;
    CHECK(index.instances(one)->next(found));
  }
  const auto statistics = index.statistics();
  CHECK(statistics.studies == studies.size());
  CHECK(statistics.series == series.size());
  CHECK(statistics.instances == instances);
  CHECK(statistics.bytes == bytes);

  testing::IndexProbe probe(index);
  const auto identifier = testing::keys({{a::study_instance_uid, ""},
                                         {a::study_related_series, ""},
                                         {a::study_related_instances, ""},
                                         {a::patient_id, ""},
                                         {a::modalities_in_study, ""}});
  const auto answers = probe.find(Level::study, identifier);
  CHECK(answers.size() == studies.size());
  for (const auto& answer : answers) {
    const auto& study = studies[answer[a::study_instance_uid]];
    CHECK(answer[a::study_related_series] == std::to_string(study.series.size()));
    CHECK(answer[a::study_related_instances] == std::to_string(study.instances));
    for (const auto key : {a::patient_id, a::modalities_in_study}) {
      const auto by_key = probe.find(Level::study, testing::keys({{key, answer[key]}}), a::study_instance_uid);
      CHECK(std::count(by_key.begin(), by_key.end(), answer[a::study_instance_uid]) == 1);
    }
  }
  Query page;
  page.identifier = identifier.bytes();
  page.offset = studies.size() - 1;
  CHECK(probe.find(page).size() == 1);

  uint64_t expected = 0;
  Change change;
  const auto changes = index.changes(0);
  while (changes->next(change)) CHECK(change.sequence == ++expected);
  CHECK(expected > 0);
}

}  // namespace fermata::index_rocksdb
