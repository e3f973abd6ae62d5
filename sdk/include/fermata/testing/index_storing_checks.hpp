#pragma once
#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "fermata/testing/index_probe.hpp"
#include "fermata/testing/threads_and_errors.hpp"

// Checks of an index's transactions, selections and statistics; index_conformance.hpp runs them.
namespace fermata::testing::index_checks {

namespace a = attribute;
using Strings = std::vector<std::string>;

/// Two studies of one patient and one of another: 1.1 has a CT series of two images and an SR, 1.2 an MR series, 2.1
/// a CT image.
inline std::vector<SampleInstance> three_studies() {
  const char* mr = "1.2.840.10008.5.1.4.1.1.4";
  const char* sr = "1.2.840.10008.5.1.4.1.1.88.11";
  std::vector<SampleInstance> list;
  list.push_back(SampleInstance("1.1", "1.1.1", "1.1.1.1").set(a::series_description, "Head"));
  list.push_back(SampleInstance("1.1", "1.1.1", "1.1.1.2").set(a::instance_number, "2"));
  list.push_back(SampleInstance("1.1", "1.1.2", "1.1.2.1").set(a::modality, "SR").set(a::sop_class_uid, sr));
  list.push_back(SampleInstance("1.2", "1.2.1", "1.2.1.1")
                     .set(a::modality, "MR")
                     .set(a::sop_class_uid, mr)
                     .set(a::study_date, "20240305")
                     .set(a::series_description, "Knee"));
  list.push_back(SampleInstance("2.1", "2.1.1", "2.1.1.1")
                     .set(a::patient_name, "ROE^JANE")
                     .set(a::patient_id, "4712")
                     .set(a::birth_date, "19810405")
                     .set(a::study_date, "20230607"));
  return list;
}

inline void empty_index(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  CHECK(probe.instances().empty());
  CHECK(probe.changes().empty());
  for (const auto level : {Level::patient, Level::study, Level::series, Level::image})
    CHECK(probe.find(level, keys({{a::patient_name, ""}})).empty());
  const auto s = subject.index().statistics();
  CHECK(s.studies + s.series + s.instances + s.bytes == 0);
}

inline void record_as_stored(IndexSubject& subject) {
  auto sample = SampleInstance("1.1", "1.1.1", "1.1.1.1");
  sample.set(a::study_description, "頭部 Schädel").blob("2024/05/06/some-other-name", uint64_t{1} << 40);
  IndexProbe(subject.index()).store(sample);
  const auto expected = sample.record();
  for (const bool with_headers : {false, true}) {
    Selection selection;
    selection.with_headers = with_headers;
    const auto cursor = subject.index().instances(selection);
    InstanceRecord record;
    REQUIRE(cursor->next(record));
    if (!with_headers) {
      CHECK(record.header.empty());
      record.header = expected.header;
    }
    CHECK(StoredInstance(record) == StoredInstance(expected));
    CHECK(record.sop_class_uid == expected.sop_class_uid);
    CHECK_FALSE(cursor->next(record));
    CHECK_FALSE(cursor->next(record));
  }
}

inline void nothing_before_commit(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const SampleInstance first("1.1", "1.1.1", "1.1.1.1");
  const SampleInstance second("1.1", "1.1.1", "1.1.1.2");
  {
    const auto dropped = subject.index().begin("1.1");
    dropped->upsert(first.record());
    CHECK(probe.instances().empty());
  }
  CHECK(probe.instances().empty());
  CHECK(probe.changes().empty());
  const auto transaction = subject.index().begin("1.1");
  transaction->upsert(first.record());
  transaction->upsert(second.record());
  CHECK(probe.find(Level::study, keys({{a::study_instance_uid, ""}})).empty());
  transaction->commit();
  CHECK(probe.instances() == Strings{"1.1.1.1", "1.1.1.2"});
  CHECK(subject.index().statistics().instances == 2);
}

inline void steps_of_one_transaction(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  auto x = SampleInstance("1.1", "1.1.1", "1.1.1.1");
  const SampleInstance y("1.1", "1.1.2", "1.1.2.1");
  {
    const auto t = subject.index().begin("1.1");
    t->upsert(x.record());
    t->upsert(x.set(a::patient_name, "ROE^JANE").record());
    t->upsert(y.record());
    CHECK(t->remove("1.1.2.1"));
    CHECK_FALSE(t->remove("1.1.2.1"));
    t->commit();
  }
  CHECK(probe.instances() == Strings{"1.1.1.1"});
  CHECK(probe.changes() == Strings{"stored 1.1 1.1.1 1.1.1.1"});
  CHECK(probe.find(Level::study, {}, a::patient_name) == Strings{"ROE^JANE"});
  CHECK(probe.find(Level::study, {}, a::study_related_series) == Strings{"1"});
  {
    const auto t = subject.index().begin("1.1");
    CHECK(t->remove("1.1.1.1"));
    t->upsert(x.set(a::patient_name, "POE^JIM").record());
    t->commit();
  }
  CHECK(probe.find(Level::study, {}, a::patient_name) == Strings{"POE^JIM"});
  CHECK(probe.find(Level::study, {}, a::study_related_instances) == Strings{"1"});
}

inline void storing_twice(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  probe.store(three_studies());
  CHECK(probe.instances().size() == 5);
  CHECK(probe.changes().size() == 5);
  CHECK(probe.find(Level::study, {}, a::study_related_instances) == Strings{"1", "1", "3"});
  const auto s = subject.index().statistics();
  CHECK(s.studies == 3);
  CHECK(s.series == 4);
  CHECK(s.instances == 5);
  CHECK(s.bytes == 5000);
}

inline void replacing(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  auto x = SampleInstance("1.1", "1.1.1", "1.1.1.1");
  probe.store(x);
  probe.store(x.set(a::patient_name, "ROE^JANE")
                  .set(a::modality, "MR")
                  .set(a::sop_class_uid, "1.2.840.10008.5.1.4.1.1.4")
                  .set(a::instance_number, "7")
                  .set(a::study_date, "20240506")
                  .blob("2024/05/06/x.dcm", 50));
  CHECK(probe.instances() == Strings{"1.1.1.1"});
  CHECK(probe.changes() == Strings{"stored 1.1 1.1.1 1.1.1.1", "replaced 1.1 1.1.1 1.1.1.1"});
  CHECK(subject.index().statistics().bytes == 50);
  const auto answers = probe.find(Level::study, keys({{a::patient_name, "roe*"},
                                                      {a::study_date, "20240506"},
                                                      {a::modalities_in_study, ""},
                                                      {a::sop_classes_in_study, ""},
                                                      {a::study_related_instances, ""}}));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0][a::modalities_in_study] == "MR");
  CHECK(answers[0][a::sop_classes_in_study] == "1.2.840.10008.5.1.4.1.1.4");
  CHECK(answers[0][a::study_related_instances] == "1");
  CHECK(probe.find(Level::study, keys({{a::patient_name, "doe*"}})).empty());
  CHECK(probe.find(Level::study, keys({{a::study_date, "20240102"}})).empty());
  CHECK(probe.find(Level::study, keys({{a::modalities_in_study, "CT"}})).empty());
  CHECK(probe.find(Level::image, {}, a::instance_number) == Strings{"7"});
}

inline void removing(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  CHECK_FALSE(probe.remove("1.1", "9.9"));
  CHECK_FALSE(probe.remove("1.1", "2.1.1.1"));  // of another study
  CHECK_FALSE(probe.remove("9.9", "1.1.1.1"));
  CHECK(probe.changes().size() == 5);

  CHECK(probe.remove("1.1", "1.1.1.1"));
  CHECK(probe.find(Level::study, keys({{a::study_instance_uid, "1.1"}}), a::study_related_instances) == Strings{"2"});
  CHECK(probe.find(Level::series, keys({{a::study_instance_uid, "1.1"}}), a::series_related_instances) ==
        Strings{"1", "1"});

  CHECK(probe.remove("1.1", "1.1.2.1"));  // the last of its series
  CHECK(probe.find(Level::series, keys({{a::study_instance_uid, "1.1"}}), a::series_instance_uid) == Strings{"1.1.1"});
  CHECK(probe.find(Level::study, keys({{a::study_instance_uid, "1.1"}}), a::study_related_series) == Strings{"1"});
  CHECK(probe.find(Level::study, keys({{a::study_instance_uid, "1.1"}}), a::modalities_in_study) == Strings{"CT"});
  CHECK(probe.find(Level::study, keys({{a::modalities_in_study, "SR"}})).empty());

  CHECK(probe.remove("1.1", "1.1.1.2"));  // the last of its study
  CHECK(probe.find(Level::study, {}, a::study_instance_uid) == Strings{"1.2", "2.1"});
  CHECK(probe.find(Level::patient, {}, a::patient_related_studies) == Strings{"1", "1"});
  CHECK(probe.instances() == Strings{"1.2.1.1", "2.1.1.1"});
  CHECK(probe.changes(5) ==
        Strings{"removed 1.1 1.1.1 1.1.1.1", "removed 1.1 1.1.2 1.1.2.1", "removed 1.1 1.1.1 1.1.1.2"});
  const auto s = subject.index().statistics();
  CHECK(s.studies == 2);
  CHECK(s.series == 2);
  CHECK(s.instances == 2);
  CHECK(s.bytes == 2000);

  CHECK(probe.remove("1.2", "1.2.1.1"));
  CHECK(probe.find(Level::patient, {}, a::patient_id) == Strings{"4712"});
  probe.store(three_studies());  // as if it had never been away
  CHECK(probe.instances().size() == 5);
  CHECK(probe.find(Level::patient, {}, a::patient_related_instances) == Strings{"1", "4"});
}

inline void wrong_records(IndexSubject& subject) {
  auto& index = subject.index();
  IndexProbe probe(index);
  const SampleInstance x("1.1", "1.1.1", "1.1.1.1");
  probe.store(x);
  const auto attempt = [&](const char* study, const InstanceRecord& record) {
    return code_of([&] {
      const auto t = index.begin(study);
      t->upsert(record);
      t->commit();
    });
  };
  const SampleInstance other_series("1.1", "1.1.2", "1.1.1.1");
  const SampleInstance other_study("1.2", "1.1.1", "1.1.1.1");
  CHECK(attempt("1.1", other_series.record()) == Code::conflict);
  CHECK(attempt("1.2", other_study.record()) == Code::conflict);
  CHECK(attempt("1.2", x.record()) == Code::invalid);
  const SampleInstance another("1.1", "1.1.1", "1.1.1.2");
  for (auto uid : {&InstanceRecord::series_instance_uid, &InstanceRecord::sop_instance_uid}) {
    auto record = another.record();
    record.*uid = {};
    CHECK(attempt("1.1", record) == Code::invalid);
  }
  auto cut_short = another.record();
  cut_short.header = cut_short.header.first(cut_short.header.size() - 1);
  CHECK(attempt("1.1", cut_short) == Code::invalid);

  CHECK(probe.instances() == Strings{"1.1.1.1"});
  CHECK(probe.changes().size() == 1);
  CHECK(probe.remove("1.1", "1.1.1.1"));
  probe.store(other_study);  // its place is free now
  CHECK(probe.find(Level::study, {}, a::study_instance_uid) == Strings{"1.2"});
}

inline void order_of_instances(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const auto add = [&](const char* study, const char* series, const char* instance, const char* number) {
    probe.store(SampleInstance(study, series, instance).set(a::instance_number, number));
  };
  add("2", "2.1", "2.1.1", "1");
  add("1.10", "1.10.1", "1.10.1.1", "1");
  add("1", "1.2", "1.2.1", "1");
  add("1", "1.1", "1.1.4", "10");
  add("1", "1.1", "1.1.5", "9");
  add("1", "1.1", "1.1.3", " 2 ");
  add("1", "1.1", "1.1.9", "1");
  add("1", "1.1", "1.1.8", "1");
  add("1", "1.1", "1.1.7", "-3");
  const Strings expected{"1.1.7", "1.1.8", "1.1.9", "1.1.3", "1.1.5", "1.1.4", "1.2.1", "1.10.1.1", "2.1.1"};
  CHECK(probe.instances() == expected);
  add("1", "1.1", "1.1.7", "100");
  CHECK(probe.instances() ==
        Strings{"1.1.8", "1.1.9", "1.1.3", "1.1.5", "1.1.4", "1.1.7", "1.2.1", "1.10.1.1", "2.1.1"});
}

inline void selections(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  using Names = std::vector<std::string_view>;
  const auto select = [&](const Names& patients, const Names& studies, const Names& series, const Names& instances) {
    return probe.instances({patients, studies, series, instances, false});
  };
  CHECK(select({}, {}, {}, {}).size() == 5);
  CHECK(select({"4712"}, {}, {}, {}) == Strings{"2.1.1.1"});
  CHECK(select({"4711", "4712"}, {}, {}, {}).size() == 5);
  CHECK(select({"471"}, {}, {}, {}).empty());
  CHECK(select({}, {"1.2"}, {}, {}) == Strings{"1.2.1.1"});
  CHECK(select({}, {"1"}, {}, {}).empty());  // not a part of a UID
  CHECK(select({}, {"2.1", "1.2", "1.2", "9.9"}, {}, {}) == Strings{"1.2.1.1", "2.1.1.1"});
  CHECK(select({}, {}, {"1.1.1"}, {}) == Strings{"1.1.1.1", "1.1.1.2"});
  CHECK(select({}, {}, {"2.1.1", "1.1.2"}, {}) == Strings{"1.1.2.1", "2.1.1.1"});
  CHECK(select({}, {}, {}, {"2.1.1.1", "1.1.1.2", "1.1.1.2", "9.9"}) == Strings{"1.1.1.2", "2.1.1.1"});
  CHECK(select({}, {"1.1"}, {"1.1.2"}, {}) == Strings{"1.1.2.1"});
  CHECK(select({}, {"1.2"}, {"1.1.2"}, {}).empty());
  CHECK(select({}, {"1.1"}, {}, {"1.1.1.1", "2.1.1.1"}) == Strings{"1.1.1.1"});
  CHECK(select({}, {}, {"1.1.1"}, {"1.1.1.1", "1.1.2.1"}) == Strings{"1.1.1.1"});
  CHECK(select({"4711"}, {"1.2", "2.1"}, {}, {}) == Strings{"1.2.1.1"});
  CHECK(select({"4712"}, {}, {"1.1.1"}, {}).empty());
  CHECK(select({"4712"}, {}, {}, {"1.1.1.1", "2.1.1.1"}) == Strings{"2.1.1.1"});
  CHECK(select({"4711"}, {"1.1"}, {"1.1.1"}, {"1.1.1.2"}) == Strings{"1.1.1.2"});
  CHECK(select({"9"}, {"9"}, {"9"}, {"9"}).empty());
}

inline void clearing(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  subject.index().clear();
  CHECK(probe.instances().empty());
  for (const auto level : {Level::patient, Level::study, Level::series, Level::image})
    CHECK(probe.find(level, keys({{a::patient_name, "*"}})).empty());
  CHECK(subject.index().statistics().instances == 0);
  CHECK(subject.index().statistics().bytes == 0);
  probe.store(SampleInstance("1.2", "1.1.1", "1.1.1.1"));  // stood elsewhere before
  CHECK(probe.find(Level::study, {}, a::study_related_instances) == Strings{"1"});
  CHECK(probe.changes(5) == Strings{"stored 1.2 1.1.1 1.1.1.1"});
}

}  // namespace fermata::testing::index_checks
