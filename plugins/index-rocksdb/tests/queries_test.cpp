#include <rocksdb/perf_context.h>
#include <rocksdb/perf_level.h>

#include <catch2/catch.hpp>

#include <random>
#include <thread>

#include "fermata/testing/index_probe.hpp"
#include "fermata/testing/memory_index.hpp"
#include "opened_index.hpp"

// The same history and the same queries for this index and for the one in memory, which decides by looking at every
// header: whatever way the planner takes, the answers must be the same.
using namespace fermata;
using namespace fermata::index_rocksdb;
namespace a = fermata::testing::attribute;

namespace {

class History {
 public:
  explicit History(unsigned seed) : random_(seed) {}

  template <std::size_t N>
  const char* one_of(const char* const (&values)[N]) {
    return values[random_() % N];
  }
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }

  testing::SampleInstance instance() {
    const std::string study = "1." + std::to_string(below(12));
    const std::string series = study + "." + std::to_string(below(3));
    const std::string uid = series + "." + std::to_string(below(4));
    testing::SampleInstance s(study, series, uid);
    s.set(a::patient_name, one_of(kNames)).set(a::patient_id, one_of(kIds)).set(a::birth_date, one_of(kDates));
    s.set(a::study_date, one_of(kDates)).set(a::study_time, one_of(kTimes)).set(a::modality, one_of(kModalities));
    s.set(a::accession_number, one_of(kIds)).set(a::study_description, one_of(kTexts));
    s.set(a::series_description, one_of(kTexts)).set(a::instance_number, std::to_string(below(5)));
    s.set(a::sop_class_uid, one_of(kSopClasses)).set(a::issuer_of_patient_id, one_of(kTexts));
    return s;
  }

  /// Some keys with values, many without. What series may lack is asked for at IMAGE level only: from which other one a
  /// study takes it is the index's affair.
  testing::SampleDataSet identifier(Level level) {
    testing::SampleDataSet k;
    const auto key = [&](testing::Attribute attribute, std::string value) {
      if (below(3) > 0) k.set(attribute, below(4) == 0 ? value : std::string{});
    };
    const std::string study = "1." + std::to_string(below(12));
    key(a::patient_name, one_of(kNameKeys));
    key(a::patient_id, one_of(kIdKeys));
    key(a::birth_date, one_of(kDateKeys));
    key(a::study_date, one_of(kDateKeys));
    key(a::study_time, one_of(kTimeKeys));
    if (level == Level::image || below(5) == 0) k.set(a::modality, level == Level::image ? "" : one_of(kModalityKeys));
    key(a::modalities_in_study, one_of(kModalityKeys));
    key(a::sop_classes_in_study, one_of(kSopClasses));
    key(a::accession_number, one_of(kIdKeys));
    key(a::study_description, one_of(kTextKeys));
    if (below(6) == 0) k.set(a::series_description, one_of(kTextKeys));
    key(a::instance_number, std::to_string(below(5)));
    key(a::sop_class_uid, one_of(kSopClasses));
    key(a::study_related_instances, std::to_string(1 + below(4)));
    key(a::patient_related_studies, std::to_string(1 + below(2)));
    if (below(4) == 0) k.set(a::study_instance_uid, study + "\\1." + std::to_string(below(12)));
    if (below(6) == 0) k.set(a::series_instance_uid, study + ".0\\" + study + ".1\\1.3.1");
    if (below(6) == 0) k.set(a::sop_instance_uid, study + ".0.0\\" + study + ".1.2\\1.3.1.1\\9.9");
    return k;
  }

 private:
  static constexpr const char* kNames[]{"Müller^Eva", "MULLER^EVA", "Doe^John=山田^太郎", "Doe", "Roe^Jane", ""};
  static constexpr const char* kNameKeys[]{"muller*", "*e",       "doe^*", "=山*", "*lle*",     "*roe^*",
                                           "*ohn",    "Roe^Jane", "d?e",   "*ul*", "doe*\\roe*"};
  static constexpr const char* kIds[]{"1", "12", "2", ""};
  static constexpr const char* kIdKeys[]{"1", "1*", "*2", "1\\2", "?", "9"};
  static constexpr const char* kDates[]{"20240102", "20240103", "20230607", "19991231", ""};
  static constexpr const char* kDateKeys[]{"20240102",  "20240101-20240131",  "20240103-",
                                           "-20231231", "20240102\\19991231", "2024*"};
  static constexpr const char* kTimes[]{"1200", "120001", "08", ""};
  static constexpr const char* kTimeKeys[]{"12", "100000-", "-115959", "1200"};
  static constexpr const char* kModalities[]{"CT", "MR", "SR", ""};
  static constexpr const char* kModalityKeys[]{"CT", "MR\\SR", "?R", "US"};
  static constexpr const char* kTexts[]{"Head", "Knee left", "Knee", ""};
  static constexpr const char* kTextKeys[]{"Head", "Knee*", "*left", "Hand"};
  static constexpr const char* kSopClasses[]{"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4", "1.2.3"};

  std::mt19937 random_;
};

constexpr Query::Order kOrders[]{Query::Order::newest_first, Query::Order::oldest_first, Query::Order::patient_name,
                                 Query::Order::patient_name_reversed};

Query query_of(History& history, Level level, const testing::SampleDataSet& identifier) {
  Query q;
  q.level = level;
  q.identifier = identifier.bytes();
  q.order = kOrders[history.below(std::size(kOrders))];  // so that both have one
  if (history.below(3) == 0) q.offset = history.below(6);
  if (history.below(3) == 0) q.limit = history.below(6);
  q.combined_date_time = history.below(2) == 0;
  return q;
}

std::string shown(const std::vector<testing::Answer>& answers) {
  std::string text;
  for (const auto& answer : answers) {
    for (const auto& element : answer.data_set()) text.append("[").append(element.text()).append("]");
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("after any history, any query has the answers of the index in memory") {
  for (unsigned seed = 0; seed < 6; ++seed) {
    History history(seed);
    OpenedIndex opened;
    testing::MemoryIndex memory;
    testing::IndexProbe ours(*opened.index);
    testing::IndexProbe theirs(memory);
    for (int step = 0; step < 150; ++step) {
      const auto instance = history.instance();
      const std::string uid(instance.record().sop_instance_uid);
      if (history.below(5) == 0) {
        CHECK(ours.remove(instance.study(), uid) == theirs.remove(instance.study(), uid));
      } else {
        ours.store(instance);
        theirs.store(instance);
      }
    }
    CHECK(ours.instances() == theirs.instances());
    CHECK(ours.changes() == theirs.changes());
    for (int i = 0; i < 250; ++i) {
      const auto level = static_cast<Level>(history.below(4));
      const auto identifier = history.identifier(level);
      const auto query = query_of(history, level, identifier);
      INFO("seed " << seed << ", query " << i << ", level " << int(query.level) << ", offset " << query.offset);
      std::string keys;
      for (const auto& element : dicom::DataSetView(query.identifier))
        keys.append(std::to_string(element.tag.value)).append("=").append(element.text()).append(" ");
      INFO(keys);
      CHECK(shown(ours.find(query)) == shown(theirs.find(query)));
    }
  }
}

TEST_CASE("whichever indexes many studies are found by, they are the same") {
  OpenedIndex opened;
  testing::MemoryIndex memory;
  testing::IndexProbe ours(*opened.index);
  testing::IndexProbe theirs(memory);
  const auto two_digits = [](int n) { return std::to_string(10 + n); };
  for (int i = 0; i < 900; ++i) {
    const std::string uid = "1." + std::to_string(i);
    const auto instance = testing::SampleInstance(uid, uid + ".1", uid + ".1.1")
                              .set(a::patient_name, (i % 3 == 0 ? "Smith^" : "Miller^") + two_digits(i % 40))
                              .set(a::study_date, "202401" + two_digits(i % 19))
                              .set(a::study_time, two_digits(i % 13) + "00")
                              .set(a::modality, i % 2 == 0 ? "CT" : "MR")
                              .set(a::accession_number, std::to_string(i));
    ours.store(instance);
    theirs.store(instance);
  }
  const auto base = testing::keys({{a::study_instance_uid, ""}, {a::modality, ""}});
  using Pairs = std::vector<std::pair<testing::Attribute, const char*>>;
  for (const auto& pairs :
       {Pairs{{a::patient_name, "smith*"}, {a::study_date, "20240112-20240116"}},
        Pairs{{a::patient_name, "*ith^1*"}, {a::modality, "CT"}, {a::study_date, "20240112-"}},
        Pairs{{a::patient_name, "*i*"}, {a::modality, "MR"}}, Pairs{{a::modality, "CT"}, {a::study_date, "20240113"}},
        Pairs{{a::accession_number, "1*"}, {a::patient_name, "*mille*"}, {a::study_time, "12"}},
        Pairs{{a::modality, "CT\\MR"}, {a::study_date, "-20240112"}}, Pairs{{a::modality, "CT"}},
        Pairs{{a::modality, "US"}, {a::patient_name, "*mith*"}}}) {
    auto identifier = base;
    std::string keys;
    for (const auto& [attribute, value] : pairs) {
      identifier.set(attribute, value);
      keys.append(value).append(" ");
    }
    INFO(keys);
    Query query;
    query.identifier = identifier.bytes();
    for (const auto order : kOrders) {
      query.order = order;
      for (const uint64_t limit : {uint64_t{5}, uint64_t{100}, UINT64_MAX}) {
        query.limit = limit;
        CHECK(shown(ours.find(query)) == shown(theirs.find(query)));
      }
    }
    CHECK(ours.find(Level::study, identifier, a::study_instance_uid) ==
          theirs.find(Level::study, identifier, a::study_instance_uid));
  }
}

TEST_CASE("pages of all studies, or of those of some days, put together are all of them") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  for (int i = 0; i < 60; ++i) {
    const std::string uid = "1." + std::to_string(i);
    const int day = 1 + i * 7 % 9;
    probe.store(testing::SampleInstance(uid, uid + ".1", uid + ".1.1")
                    .set(a::study_date, day == 9 ? "" : "2024010" + std::to_string(day)));
  }
  for (const char* dates : {"", "20240103-20240106", "20240105-", "20240102", "-20240103"}) {
    const auto identifier = testing::keys({{a::study_date, dates}, {a::study_instance_uid, ""}});
    Query query;
    query.identifier = identifier.bytes();
    for (const auto order : {Query::Order::newest_first, Query::Order::oldest_first}) {
      query.order = order;
      query.offset = 0;
      query.limit = UINT64_MAX;
      const auto all = shown(probe.find(query));
      CHECK_FALSE(all.empty());
      for (const uint64_t size : {1, 7, 13}) {
        std::string pages;
        query.limit = size;
        for (query.offset = 0; query.offset < 70; query.offset += size) pages += shown(probe.find(query));
        CHECK(pages == all);
      }
    }
  }
}

TEST_CASE("studies are put in order of date by their keys, and by their records where those say nothing") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  const auto instance = [](int study, const char* date) {
    const std::string uid = "1." + std::to_string(study);
    return testing::SampleInstance(uid, uid + ".1", uid + ".1.1").set(a::patient_name, "Doe").set(a::study_date, date);
  };
  probe.store(instance(1, "20240103"));
  probe.store(instance(2, "20240102"));
  probe.store(instance(3, "2024-1-4"));
  probe.store(instance(4, "20240101"));
  probe.store(instance(4, "20240105"));  // in its place
  const auto identifier = testing::keys({{a::patient_name, "doe*"}, {a::study_instance_uid, ""}});
  const auto order = [&] {
    Query query;
    query.identifier = identifier.bytes();
    query.order = Query::Order::newest_first;
    std::string uids;
    for (const auto& answer : probe.find(query))
      uids.append(answer.data_set().text(dicom::kStudyInstanceUid)).append(" ");
    return uids;
  };
  const auto expected = order();
  CHECK(expected.starts_with("1.4 1.1 1.2 "));

  rocksdb::WriteBatch as_earlier_versions_wrote;
  const auto at = opened.database->iterate(Family::keys, nullptr, nullptr);
  std::size_t with_moment = 0;
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    if (!at->value().empty()) ++with_moment;
    as_earlier_versions_wrote.Put((*opened.database)[Family::keys], at->key(), {});
  }
  CHECK(with_moment > 0);
  opened.database->write(as_earlier_versions_wrote, false);
  CHECK(order() == expected);
}

TEST_CASE("a thread that stores and searches has no counters of RocksDB to pay for") {
  OpenedIndex opened;
  std::size_t found = 0;
  uint64_t compared = 1;
  std::thread([&] {
    rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);  // as RocksDB begins every thread
    testing::IndexProbe probe(*opened.index);
    rocksdb::get_perf_context()->Reset();
    for (const std::string study : {"1.1", "1.2", "1.3"})
      probe.store(testing::SampleInstance(study, study + ".1", study + ".1.1").set(a::patient_id, "ODD"));
    found = probe.find(Level::study, testing::SampleDataSet().set(a::patient_id, "ODD"), a::study_instance_uid).size();
    compared = rocksdb::get_perf_context()->user_key_comparison_count;
  }).join();
  CHECK(found == 3);
  CHECK(compared == 0);
}

TEST_CASE("a search for a value passes over the files that lack it, and misses nothing in those that have it") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  const auto studies_with = [&](testing::Attribute attribute, const char* value) {
    testing::SampleDataSet identifier;
    identifier.set(attribute, value);
    return probe.find(Level::study, identifier, a::study_instance_uid);
  };
  using Uids = std::vector<std::string>;
  constexpr std::size_t kFiles = 6;
  for (std::size_t i = 1; i <= kFiles; ++i) {
    const std::string study = "1." + std::to_string(i);
    probe.store(testing::SampleInstance(study, study + ".1", study + ".1.1")
                    .set(a::patient_id, i % 2 == 0 ? "EVEN" : "ODD")
                    .set(a::accession_number, std::to_string(i).c_str()));
    check(opened.database->db().Flush({}, (*opened.database)[Family::keys]), "arranging");
  }
  probe.store(
      testing::SampleInstance("1.7", "1.7.1", "1.7.1.1").set(a::patient_id, "ODD").set(a::accession_number, "7"));

  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kEnableCount);
  rocksdb::get_perf_context()->Reset();
  CHECK(studies_with(a::accession_number, "3") == Uids{"1.3"});
  CHECK(rocksdb::get_perf_context()->bloom_sst_miss_count >= kFiles - 2);  // one in a hundred says yes by mistake
  rocksdb::SetPerfLevel(rocksdb::PerfLevel::kDisable);

  CHECK(studies_with(a::patient_id, "ODD") == Uids{"1.1", "1.3", "1.5", "1.7"});
  CHECK(studies_with(a::accession_number, "7\\2\\9\\4") == Uids{"1.2", "1.4", "1.7"});
  CHECK(studies_with(a::accession_number, "8").empty());
  CHECK(studies_with(a::patient_id, "E*") == Uids{"1.2", "1.4", "1.6"});
  check(opened.database->db().CompactRange({}, (*opened.database)[Family::keys], nullptr, nullptr), "arranging");
  CHECK(studies_with(a::patient_id, "ODD") == Uids{"1.1", "1.3", "1.5", "1.7"});
  CHECK(studies_with(a::accession_number, "8").empty());
}

TEST_CASE("a study says of its series what the first one says that says anything, a series only what it says itself") {
  OpenedIndex opened;
  testing::IndexProbe probe(*opened.index);
  probe.store(testing::SampleInstance("1", "1.1", "1.1.1").set(a::modality, ""));
  probe.store(testing::SampleInstance("1", "1.2", "1.2.1").set(a::modality, "MR").set(a::slice_thickness, "5"));
  CHECK(probe.find(Level::study, {}, a::modality) == std::vector<std::string>{"MR"});
  CHECK(probe.find(Level::study, {}, a::slice_thickness) == std::vector<std::string>{"5"});
  CHECK(probe.find(Level::series, {}, a::modality) == std::vector<std::string>{"", "MR"});
}

TEST_CASE("a query ends what it holds: a snapshot is let go with its cursor") {
  OpenedIndex opened;
  const auto identifier = testing::keys({{a::patient_name, ""}});
  Query query;
  query.identifier = identifier.bytes();
  {
    const auto matches = opened.index->find(query);
    const auto instances = opened.index->instances({});
    CHECK(opened.database->snapshots() == 2);
  }
  CHECK(opened.database->snapshots() == 0);
}
