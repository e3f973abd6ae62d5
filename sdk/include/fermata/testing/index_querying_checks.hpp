#pragma once
#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include "fermata/testing/index_storing_checks.hpp"
#include "fermata/testing/matching_cases.hpp"

// Checks of an index's answers to queries; index_conformance.hpp runs them.
namespace fermata::testing::index_checks {

inline std::string joined(const Strings& list) {
  std::string all;
  for (const auto& text : list) all.append(all.empty() ? "" : "\\").append(text);
  return all;
}

/// Every case is asked for alone, and together with the UID of its study.
inline void matching(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const auto study_of = [](std::size_t i) { return "1.2." + std::to_string(i + 1); };
  const auto& cases = matching_cases();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SampleInstance instance(study_of(i), study_of(i) + ".1", study_of(i) + ".1.1");
    instance.erase(cases[i].attribute);
    if (cases[i].attribute.tag == a::private_text.tag) instance.set(a::private_creator, "ACME");
    if (!cases[i].stored.empty()) instance.set(cases[i].attribute, cases[i].stored);
    probe.store(instance);
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].rule << ": stored [" << cases[i].stored << "], key [" << cases[i].key << "]");
    const auto study = study_of(i);
    const auto among_all = probe.find(Level::study, keys({{cases[i].attribute, cases[i].key}}), a::study_instance_uid);
    CHECK(std::count(among_all.begin(), among_all.end(), study) == (cases[i].matches ? 1 : 0));
    const auto alone =
        probe.find(Level::image, keys({{a::study_instance_uid, study}, {cases[i].attribute, cases[i].key}}),
                   a::study_instance_uid);
    CHECK(alone == (cases[i].matches ? Strings{study} : Strings{}));
  }
}

inline void dates_with_times(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  for (const auto& [date, time] : {std::pair{"20240102", "101112"}, {"20240102", ""}, {"", "101112"}})
    probe.store(SampleInstance(std::string("1.") + std::to_string(1 + std::string_view(date).size()) + "." +
                                   std::to_string(1 + std::string_view(time).size()),
                               "1.1", std::string("1.1.") + date + time)
                    .set(a::study_date, date)
                    .set(a::study_time, time)
                    .set(a::birth_date, date)
                    .set(a::birth_time, time));
  for (const auto& c : date_time_cases()) {
    INFO(c.rule);
    const auto study = "1." + std::to_string(1 + c.date.size()) + "." + std::to_string(1 + c.time.size());
    for (const auto& [date, time] : {std::pair{a::study_date, a::study_time}, {a::birth_date, a::birth_time}}) {
      const auto identifier = keys({{date, c.date_key}, {time, c.time_key}, {a::study_instance_uid, study}});
      Query query;
      query.identifier = identifier.bytes();
      query.combined_date_time = c.combined;
      const auto answers = probe.find(query);
      CHECK(answers.size() == (c.matches ? 1 : 0));
      for (const auto& answer : answers) CHECK(answer[date] + answer[time] == c.date + c.time);
    }
  }
}

inline void one_answer_for_each_entity(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  CHECK(probe.find(Level::patient, {}, a::patient_id) == Strings{"4711", "4712"});
  CHECK(probe.find(Level::study, {}, a::study_instance_uid) == Strings{"1.1", "1.2", "2.1"});
  CHECK(probe.find(Level::series, {}, a::series_instance_uid) == Strings{"1.1.1", "1.1.2", "1.2.1", "2.1.1"});
  CHECK(probe.find(Level::image, {}, a::sop_instance_uid).size() == 5);
  CHECK(probe.find(Level::image, {}, a::study_instance_uid) == Strings{"1.1", "1.1", "1.1", "1.2", "2.1"});
}

inline void keys_of_every_level(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  const auto found = [&](Level level, const SampleDataSet& identifier) {
    const Attribute uid = level == Level::patient  ? a::patient_id
                          : level == Level::study  ? a::study_instance_uid
                          : level == Level::series ? a::series_instance_uid
                                                   : a::sop_instance_uid;
    return joined(probe.find(level, identifier, uid));
  };
  const auto ct = keys({{a::modality, "CT"}});
  CHECK(found(Level::patient, ct) == "4711\\4712");
  CHECK(found(Level::study, ct) == "1.1\\2.1");
  CHECK(found(Level::series, ct) == "1.1.1\\2.1.1");
  CHECK(found(Level::image, ct) == "1.1.1.1\\1.1.1.2\\2.1.1.1");
  const auto knee = keys({{a::series_description, "Knee"}});
  CHECK(found(Level::patient, knee) == "4711");
  CHECK(found(Level::study, knee) == "1.2");
  const auto second = keys({{a::instance_number, "2"}});
  CHECK(found(Level::patient, second) == "4711");
  CHECK(found(Level::study, second) == "1.1");
  CHECK(found(Level::series, second) == "1.1.1");
  CHECK(found(Level::image, second) == "1.1.1.2");
  const auto john = keys({{a::patient_name, "doe*"}});
  CHECK(found(Level::study, john) == "1.1\\1.2");
  CHECK(found(Level::series, john) == "1.1.1\\1.1.2\\1.2.1");
  CHECK(found(Level::image, john) == "1.1.1.1\\1.1.1.2\\1.1.2.1\\1.2.1.1");
  const auto march = keys({{a::study_date, "20240301-20240331"}});
  CHECK(found(Level::patient, march) == "4711");
  CHECK(found(Level::image, march) == "1.2.1.1");
  const auto image = keys({{a::sop_instance_uid, "1.1.2.1\\2.1.1.1"}});
  CHECK(found(Level::patient, image) == "4711\\4712");
  CHECK(found(Level::study, image) == "1.1\\2.1");
  CHECK(found(Level::series, image) == "1.1.2\\2.1.1");
  CHECK(found(Level::image, image) == "1.1.2.1\\2.1.1.1");
  CHECK(found(Level::image, keys({{a::study_instance_uid, "1.1"}})) == "1.1.1.1\\1.1.1.2\\1.1.2.1");
  CHECK(found(Level::series, keys({{a::study_instance_uid, "1.1\\1.2"}})) == "1.1.1\\1.1.2\\1.2.1");
  CHECK(found(Level::image, keys({{a::series_instance_uid, "1.1.1\\2.1.1"}})) == "1.1.1.1\\1.1.1.2\\2.1.1.1");
  CHECK(found(Level::study, keys({{a::modalities_in_study, "MR\\SR"}})) == "1.1\\1.2");
  CHECK(found(Level::image, keys({{a::modalities_in_study, "SR"}})) == "1.1.1.1\\1.1.1.2\\1.1.2.1");
  CHECK(found(Level::patient, keys({{a::modalities_in_study, "M?"}})) == "4711");
  CHECK(found(Level::study, keys({{a::sop_classes_in_study, "1.2.840.10008.5.1.4.1.1.4"}})) == "1.2");
  CHECK(found(Level::study, keys({{a::study_related_instances, "3"}})) == "1.1");
  CHECK(found(Level::series, keys({{a::series_related_instances, "2"}})) == "1.1.1");
  CHECK(found(Level::patient, keys({{a::patient_related_studies, "2"}})) == "4711");
}

/// Keys of a series are to be met by one series, those of an image by one image of it.
inline void lower_keys_are_met_together(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(SampleInstance("1", "1.1", "1.1.1").set(a::modality, "CT").set(a::series_description, "Head"));
  probe.store(SampleInstance("1", "1.2", "1.2.2")
                  .set(a::modality, "MR")
                  .set(a::series_description, "Knee")
                  .set(a::instance_number, "2"));
  const auto count = [&](const SampleDataSet& identifier) { return probe.find(Level::study, identifier).size(); };
  CHECK(count(keys({{a::modality, "CT"}, {a::series_description, "Head"}})) == 1);
  CHECK(count(keys({{a::modality, "CT"}, {a::series_description, "Knee"}})) == 0);
  CHECK(count(keys({{a::modality, "MR"}, {a::instance_number, "2"}})) == 1);
  CHECK(count(keys({{a::modality, "CT"}, {a::instance_number, "2"}})) == 0);
  CHECK(count(keys({{a::sop_instance_uid, "1.1.1"}, {a::instance_number, "2"}})) == 0);
}

inline void counts_and_sets(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  const auto identifier = keys({{a::modalities_in_study, ""},
                                {a::sop_classes_in_study, ""},
                                {a::study_instance_uid, "1.1"},
                                {a::patient_related_studies, ""},
                                {a::patient_related_series, ""},
                                {a::patient_related_instances, ""},
                                {a::study_related_series, ""},
                                {a::study_related_instances, ""},
                                {a::series_related_instances, ""}});
  for (const auto level : {Level::patient, Level::study, Level::series, Level::image}) {
    const auto answers = probe.find(level, identifier);
    CHECK(answers.size() == (level == Level::image ? 3 : level == Level::series ? 2 : 1));
    for (const auto& answer : answers) {
      CHECK(answer[a::modalities_in_study] == "CT\\SR");
      CHECK(answer[a::sop_classes_in_study] == "1.2.840.10008.5.1.4.1.1.2\\1.2.840.10008.5.1.4.1.1.88.11");
      CHECK(answer[a::patient_related_studies] == "2");
      CHECK(answer[a::patient_related_series] == "3");
      CHECK(answer[a::patient_related_instances] == "4");
      CHECK(answer[a::study_related_series] == "2");
      CHECK(answer[a::study_related_instances] == "3");
    }
  }
  CHECK(probe.find(Level::series, keys({{a::study_instance_uid, "1.1"}}), a::series_related_instances) ==
        Strings{"1", "2"});
  CHECK(probe.find(Level::image, keys({{a::series_instance_uid, "1.1.1"}}), a::series_related_instances) ==
        Strings{"2", "2"});
}

inline void exactly_what_was_asked_for(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(SampleInstance("1.1", "1.1.1", "1.1.1.1")
                  .set(a::private_creator, "ACME")
                  .set(a::private_text, "Scout")
                  .set(a::series_number, "3"));
  auto identifier = keys({{{dicom::kSpecificCharacterSet, "CS"}, "ISO_IR 100"},
                          {{dicom::kQueryRetrieveLevel, "CS"}, "STUDY"},
                          {a::accession_number, ""},
                          {a::patient_name, "doe*"},
                          {a::patient_weight, ""},
                          {a::private_creator, "ACME"},
                          {a::private_text, ""},
                          {a::series_number, ""},
                          {a::scheduled_step_id, ""}});
  identifier.set({dicom::Tag(0x0010, 0x0000), "UL"}, std::string_view("\0\0\0\0", 4));
  const std::vector<dicom::Tag> expected{a::accession_number.tag, a::patient_name.tag, a::patient_weight.tag,
                                         a::private_creator.tag,  a::private_text.tag, a::series_number.tag,
                                         a::scheduled_step_id.tag};
  for (const auto level : {Level::patient, Level::study, Level::series, Level::image}) {
    const auto answers = probe.find(level, identifier);
    REQUIRE(answers.size() == 1);
    CHECK(answers[0].tags() == expected);
    CHECK(answers[0][a::accession_number].empty());
    CHECK(answers[0][a::patient_weight].empty());
    CHECK(answers[0][a::patient_name] == "DOE^JOHN");
    CHECK(answers[0].data_set().find(a::patient_name.tag)->vr == dicom::Vr("PN"));
    CHECK(answers[0].data_set().find(a::patient_weight.tag)->vr == dicom::Vr("DS"));
    CHECK(answers[0][a::private_text] == "Scout");
    CHECK(answers[0][a::series_number] == "3");
  }
  probe.store(SampleInstance("2.1", "2.1.1", "2.1.1.1"));  // without private attributes
  CHECK(probe.find(Level::study, identifier).size() == 2);
  for (const auto& answer : probe.find(Level::image, SampleDataSet{})) CHECK(answer.tags().empty());
}

/// A sequence matches by one item (PS3.4 C.2.2.2.6), and the answer holds what was asked of the items that match.
inline void sequences(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const auto item = [](const char* id, const char* description) {
    return keys({{a::scheduled_step_id, id}, {a::scheduled_step_description, description}});
  };
  probe.store(SampleInstance("1", "1.1", "1.1.1")
                  .set_items(a::request_attributes, {item("A", "Head"), item("B", "Knee"), item("C", "Knee")}));
  probe.store(SampleInstance("2", "2.1", "2.1.1").set_items(a::request_attributes, {item("B", "Foot")}));
  probe.store(SampleInstance("3", "3.1", "3.1.1"));
  const auto find = [&](const std::vector<SampleDataSet>& items) {
    auto identifier = keys({{a::study_instance_uid, ""}});
    identifier.set_items(a::request_attributes, items);
    return probe.find(Level::series, identifier);
  };
  CHECK(find({}).size() == 3);
  CHECK(find({SampleDataSet{}}).size() == 3);
  CHECK(find({item("", "")}).size() == 3);
  CHECK(find({item("B", "")}).size() == 2);
  CHECK(find({item("B", "Knee")}).size() == 1);
  CHECK(find({item("A", "Knee")}).empty());  // no single item is both
  CHECK(find({item("D", "")}).empty());

  const auto items_of = [](const Answer& answer) {
    std::vector<Strings> items;
    const auto sequence = answer.data_set().find(a::request_attributes.tag);
    REQUIRE(sequence);
    CHECK(sequence->vr == dicom::Vr("SQ"));
    for (const auto content : sequence->items()) {
      items.emplace_back();
      for (const auto& element : content) items.back().emplace_back(element.text());
    }
    return items;
  };
  for (const auto& answer : find({})) {
    const auto items = items_of(answer);
    if (answer[a::study_instance_uid] == "1")
      CHECK(items == std::vector<Strings>{{"Head", "A"}, {"Knee", "B"}, {"Knee", "C"}});
    if (answer[a::study_instance_uid] == "3") CHECK(items.empty());
  }
  const auto matching_items = find({keys({{a::scheduled_step_id, ""}, {a::scheduled_step_description, "Kn*"}})});
  REQUIRE(matching_items.size() == 1);
  CHECK(items_of(matching_items[0]) == std::vector<Strings>{{"Knee", "B"}, {"Knee", "C"}});
  const auto less = find({keys({{a::scheduled_step_id, "A"}, {a::accession_number, ""}})});
  REQUIRE(less.size() == 1);
  CHECK(items_of(less[0]) == std::vector<Strings>{{"", "A"}});
}

inline void attributes_of_a_study(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(SampleInstance("1", "1.1", "1.1.1").set(a::patient_name, "DOE^JOHN").set(a::accession_number, ""));
  probe.store(SampleInstance("1", "1.2", "1.2.1").set(a::patient_name, "ROE^JANE").set(a::accession_number, "A1"));
  probe.store(SampleInstance("1", "1.2", "1.2.2").set(a::study_description, "Head").set(a::accession_number, "A2"));
  const auto answers =
      probe.find(Level::study, keys({{a::patient_name, ""}, {a::accession_number, ""}, {a::study_description, ""}}));
  REQUIRE(answers.size() == 1);
  CHECK(answers[0][a::patient_name] == "DOE^JOHN");
  CHECK(answers[0][a::accession_number] == "A1");
  CHECK(answers[0][a::study_description] == "Head");
  CHECK(probe.find(Level::study, keys({{a::accession_number, "A1"}})).size() == 1);
  CHECK(probe.find(Level::study, keys({{a::patient_name, "doe*"}})).size() == 1);
  // What replaces the first instance is the first one.
  probe.store(SampleInstance("1", "1.1", "1.1.1").set(a::patient_name, "POE^JIM"));
  CHECK(probe.find(Level::study, {}, a::patient_name) == Strings{"POE^JIM"});
  CHECK(probe.find(Level::study, keys({{a::patient_name, "doe*"}})).empty());
}

/// A patient is who has the same ID, issuer, name and birth date.
inline void two_people_under_one_id(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const auto add = [&](const char* study, const char* name, const char* birth_date, const char* issuer) {
    probe.store(SampleInstance(study, study + std::string(".1"), study + std::string(".1.1"))
                    .set(a::patient_name, name)
                    .set(a::birth_date, birth_date)
                    .set(a::issuer_of_patient_id, issuer));
  };
  add("1", "Müller^Eva", "19700203", "");
  add("2", "MULLER^EVA", "19700203", "");
  add("3", "Roe^Jane", "19700203", "");
  add("4", "Müller^Eva", "19800203", "");
  add("5", "Müller^Eva", "19700203", "Elsewhere");
  const auto identifier = keys({{a::patient_id, "4711"}, {a::patient_name, ""}, {a::birth_date, ""}});
  CHECK(probe.find(Level::patient, identifier, a::patient_related_studies) == Strings{"1", "1", "1", "2"});
  CHECK(probe.find(Level::patient, keys({{a::patient_name, "roe*"}}), a::patient_id) == Strings{"4711"});
  CHECK(probe.find(Level::study, identifier, a::study_instance_uid) == Strings{"1", "2", "3", "4", "5"});
  CHECK(probe.find(Level::study, keys({{a::study_instance_uid, "2"}}), a::patient_related_studies) == Strings{"2"});
}

inline void pages(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const auto add = [&](const char* study, const char* date, const char* time) {
    const std::string uid = study;
    probe.store(SampleInstance(uid, uid + ".1", uid + ".1.1")
                    .set(a::study_date, date)
                    .set(a::study_time, time)
                    .set(a::patient_id, uid));
  };
  add("1", "20240102", "1200");
  add("2", "20240102", "120001");
  add("3", "20250101", "");
  add("4", "", "");
  add("5", "19991231", "235959");
  add("6", "20240102", "08");
  for (const auto& [level, uid] : {std::pair{Level::study, a::study_instance_uid},
                                   {Level::patient, a::patient_id},
                                   {Level::image, a::patient_id}}) {
    const auto identifier = keys({{uid, ""}});
    const auto page = [&, level = level, uid = uid](uint64_t offset, uint64_t limit) {
      Query query;
      query.level = level;
      query.identifier = identifier.bytes();
      query.order = Query::Order::newest_first;
      query.offset = offset;
      query.limit = limit;
      Strings uids;
      for (const auto& answer : probe.find(query)) uids.push_back(answer[uid]);
      return uids;
    };
    CHECK(page(0, UINT64_MAX) == Strings{"3", "2", "1", "6", "5", "4"});
    CHECK(page(0, 2) == Strings{"3", "2"});
    CHECK(page(2, 3) == Strings{"1", "6", "5"});
    CHECK(page(5, 10) == Strings{"4"});
    CHECK(page(6, 10).empty());
    CHECK(page(UINT64_MAX, 10).empty());
    CHECK(page(0, 0).empty());
  }
  Query query;
  const auto identifier = keys({{a::study_date, "20240101-20241231"}, {a::study_instance_uid, ""}});
  query.identifier = identifier.bytes();
  query.order = Query::Order::newest_first;
  query.offset = 1;
  query.limit = 1;
  const auto second = probe.find(query);
  REQUIRE(second.size() == 1);
  CHECK(second[0][a::study_instance_uid] == "1");
}

/// Forwards and backwards; who lacks what the order goes by comes last either way.
inline void orders(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  const auto add = [&](const char* study, const char* date, const char* name) {
    const std::string uid = study;
    probe.store(SampleInstance(uid, uid + ".1", uid + ".1.1").set(a::study_date, date).set(a::patient_name, name));
  };
  add("1", "20240102", "Müller^Eva");
  add("2", "", "Adams^Zoe");
  add("3", "20250101", "");
  add("4", "20231231", "mullen^Eva");
  add("5", "20240101", "Zoe=\u5c71\u7530");
  const auto listed = [&](Query::Order order, const char* names, uint64_t offset = 0, uint64_t limit = UINT64_MAX) {
    const auto identifier = keys({{a::patient_name, names}, {a::study_instance_uid, ""}});
    Query query;
    query.identifier = identifier.bytes();
    query.order = order;
    query.offset = offset;
    query.limit = limit;
    Strings uids;
    for (const auto& answer : probe.find(query)) uids.push_back(answer[a::study_instance_uid]);
    return uids;
  };
  using Order = Query::Order;
  CHECK(listed(Order::newest_first, "") == Strings{"3", "1", "5", "4", "2"});
  CHECK(listed(Order::oldest_first, "") == Strings{"4", "5", "1", "3", "2"});
  CHECK(listed(Order::oldest_first, "", 1, 2) == Strings{"5", "1"});
  CHECK(listed(Order::oldest_first, "", 3, 9) == Strings{"3", "2"});
  CHECK(listed(Order::patient_name, "") == Strings{"2", "4", "1", "5", "3"});
  CHECK(listed(Order::patient_name_reversed, "") == Strings{"5", "1", "4", "2", "3"});
  CHECK(listed(Order::patient_name_reversed, "", 1, 2) == Strings{"1", "4"});
  CHECK(listed(Order::patient_name, "", 4, 9) == Strings{"3"});
  CHECK(listed(Order::patient_name, "mul*") == Strings{"4", "1"});
  CHECK(listed(Order::patient_name_reversed, "mul*") == Strings{"1", "4"});
  CHECK(listed(Order::patient_name, "*eva*") == Strings{"4", "1"});
}

inline void wrong_queries(IndexSubject& subject) {
  IndexProbe probe(subject.index());
  probe.store(three_studies());
  const auto code = [&](const SampleDataSet& identifier) {
    return code_of([&] { probe.find(Level::study, identifier); });
  };
  CHECK(code(keys({{a::study_date, "20240101-20240102-20240103"}})) == Code::invalid);
  CHECK(code(keys({{a::study_date, "yesterday-"}})) == Code::invalid);
  CHECK(code(SampleDataSet{}.set_items(a::request_attributes, {SampleDataSet{}, SampleDataSet{}})) == Code::invalid);
  Query query;
  const auto identifier = keys({{a::patient_name, "doe*"}});
  query.identifier = identifier.bytes().first(identifier.bytes().size() - 1);
  CHECK(code_of([&] { probe.find(query); }) == Code::invalid);
  query.identifier = identifier.bytes();
  query.level = static_cast<Level>(4);
  CHECK(code_of([&] { probe.find(query); }) == Code::invalid);
}

}  // namespace fermata::testing::index_checks
