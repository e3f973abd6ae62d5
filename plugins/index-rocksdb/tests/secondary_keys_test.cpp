#include "secondary_keys.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

#include "fermata/testing/sample_instance.hpp"

using namespace fermata;
using namespace fermata::index_rocksdb;
namespace a = fermata::testing::attribute;

namespace {

testing::SampleDataSet study(const char* date, const char* time) {
  testing::SampleDataSet s;
  s.set(a::study_date, date).set(a::study_time, time);
  return s;
}

/// Whether a study with these attributes stands where `key` is looked for.
bool is_found(const testing::SampleDataSet& attributes, testing::Attribute attribute, const char* key) {
  testing::SampleDataSet identifier;
  identifier.set(attribute, key);
  const auto keys = dicom::compile(dicom::DataSetView(identifier.bytes()), false);
  const auto ranges = key_ranges(keys.at(0));
  for (const auto& entry : secondary_keys("1.1", dicom::DataSetView(attributes.bytes()), {}))
    for (const auto& range : ranges)
      if (range.first <= entry && entry < range.end && may_match(keys.at(0), value_of_secondary_key(entry)))
        return true;
  return false;
}

}  // namespace

TEST_CASE("dates are kept so that the newest study stands first") {
  std::vector<std::string> values;
  for (const auto& s : {study("20250101", ""), study("20240102", "120001"), study("20240102", "1200"),
                        study("20240102", "08"), study("20240102", ""), study("19991231", "235959"), study("", "12")})
    values.push_back(newest_first_value(dicom::DataSetView(s.bytes())));
  CHECK(std::is_sorted(values.begin(), values.end()));
  CHECK(std::adjacent_find(values.begin(), values.end()) == values.end());
}

TEST_CASE("a moment is packed into half its bytes and comes back; what is no date is not packed") {
  for (const auto& s : {study("20250101", ""), study("20240102", "120001"), study("20240102", "120001.000123"),
                        study("19991231", "2359"), study("2024-1-2", ""), study("", "")}) {
    const auto moment = newest_first_value(dicom::DataSetView(s.bytes()));
    CHECK(packed_moment(moment).size() == (moment.size() + 1) / 2);
    CHECK(unpacked_moment(packed_moment(moment)) == moment);
  }
  for (const char* odd : {"today", "2024 1 2 x"}) {
    const auto moment = newest_first_value(dicom::DataSetView(study(odd, "").bytes()));
    CHECK(packed_moment(moment).empty());
  }
  CHECK(unpacked_moment("").empty());
}

TEST_CASE("what is looked for by its value stands behind one prefix of tag and value, whatever the study") {
  const auto ranges_of = [](testing::Attribute attribute, const char* key) {
    testing::SampleDataSet identifier;
    identifier.set(attribute, key);
    return key_ranges(dicom::compile(dicom::DataSetView(identifier.bytes()), false).at(0));
  };
  testing::SampleDataSet s;
  const std::string long_value(kMaximumValue + 10, 'x');
  s.set(a::patient_id, "P\\Q 1").set(a::accession_number, long_value.c_str()).set(a::patient_name, "Doe^J\xc3\xb6rg");
  for (const auto& [attribute, key] :
       {std::pair{a::patient_id, "Q 1"}, std::pair{a::patient_id, "P\\Q 1\\P"},
        std::pair{a::accession_number, long_value.c_str()}, std::pair{a::patient_name, "doe^j\xc3\xb6rg"}}) {
    std::size_t found = 0;
    for (const auto& range : ranges_of(attribute, key)) {
      CHECK(range.one_value);
      CHECK(value_prefix(range.first) == range.first);
      for (const auto& entry : secondary_keys("1.2.3", dicom::DataSetView(s.bytes()), {}))
        if (range.first <= entry && entry < range.end) {
          CHECK(value_prefix(entry) == range.first);
          ++found;
        }
    }
    CHECK(found > 0);
  }
  for (const auto& [attribute, key] : {std::pair{a::patient_id, "P*"}, std::pair{a::study_date, "20240102"},
                                       std::pair{a::study_date, "20240102-"}, std::pair{a::patient_name, "Doe=*"}})
    for (const auto& range : ranges_of(attribute, key)) CHECK_FALSE(range.one_value);
  CHECK_FALSE(part_range("doe").one_value);
  CHECK(value_prefix(tag_prefix(dicom::kStudyDate)).empty());
}

TEST_CASE("a study is found where its values lead to, and not elsewhere") {
  testing::SampleDataSet s;
  s.set(a::study_date, "20240102")
      .set(a::study_time, "1200")
      .set(a::patient_name, "Müller^Eva=山田^太郎")
      .set(a::patient_id, "4711")
      .set(a::birth_date, "19700203");
  CHECK(is_found(s, a::patient_id, "4711"));
  CHECK_FALSE(is_found(s, a::patient_id, "471"));
  CHECK_FALSE(is_found(s, a::patient_id, "47111"));
  CHECK(is_found(s, a::patient_id, "47*"));
  CHECK(is_found(s, a::patient_id, "*11"));
  CHECK_FALSE(is_found(s, a::patient_id, "*12"));
  CHECK(is_found(s, a::patient_id, "1\\4711"));
  CHECK(is_found(s, a::patient_name, "MULLER*"));
  CHECK(is_found(s, a::patient_name, "山田*"));
  CHECK(is_found(s, a::patient_name, "mu*=山*"));
  CHECK_FALSE(is_found(s, a::patient_name, "Miller*"));
  CHECK(is_found(s, a::study_date, "20240102"));
  CHECK(is_found(s, a::study_date, "20240102-"));
  CHECK(is_found(s, a::study_date, "-20240102"));
  CHECK(is_found(s, a::study_date, "20231231-20240103"));
  CHECK_FALSE(is_found(s, a::study_date, "20240103-"));
  CHECK_FALSE(is_found(s, a::study_date, "-20240101"));
  CHECK_FALSE(is_found(s, a::study_date, "20240103-20240101"));
  CHECK(is_found(s, a::birth_date, "1970*"));
}

TEST_CASE("a value too long for a key is found by its beginning") {
  const std::string begin(kMaximumValue, 'x');
  testing::SampleDataSet s;
  s.set(a::study_description, begin + "tail");
  CHECK(is_found(s, a::study_description, (begin + "tail").c_str()));
  CHECK(is_found(s, a::study_description, (begin + "t*").c_str()));
  CHECK_FALSE(is_found(s, a::study_description, "y*"));
}

TEST_CASE("a name looked for by its middle stands under each part of that") {
  const auto parts = [](const char* key) {
    testing::SampleDataSet identifier;
    identifier.set(a::patient_name, key);
    return name_parts(dicom::compile(dicom::DataSetView(identifier.bytes()), false).at(0));
  };
  CHECK(parts("*Ülle*ev?rt") == std::vector<std::string>{"lle", "ull"});
  CHECK(parts("*mith^*") == std::vector<std::string>{"ith", "mit"});  // Smith alone is found too
  CHECK(parts("*ll*").empty());
  CHECK(parts("m*ller").empty());
  testing::SampleDataSet s;
  s.set(a::patient_name, "Müller^Eva");
  const auto range = part_range("lle");
  const auto keys = secondary_keys("1.1", dicom::DataSetView(s.bytes()), {});
  CHECK(std::count_if(keys.begin(), keys.end(),
                      [&](const auto& entry) { return range.first <= entry && entry < range.end; }) == 1);
}

TEST_CASE("ranges that overlap are walked once") {
  testing::SampleDataSet identifier;
  identifier.set(a::patient_name, "doe*\\doe^j*\\roe");
  const auto ranges = key_ranges(dicom::compile(dicom::DataSetView(identifier.bytes()), false).at(0));
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0].end <= ranges[1].first);
}

TEST_CASE("name, birth date and issuer make a patient besides the ID") {
  const auto prefix = [](const char* name, const char* birth_date, const char* issuer) {
    testing::SampleDataSet s;
    s.set(a::patient_id, "4711").set(a::patient_name, name).set(a::birth_date, birth_date);
    s.set(a::issuer_of_patient_id, issuer);
    return patient_key_prefix(dicom::DataSetView(s.bytes()));
  };
  CHECK(prefix("Müller^Eva", "19700203", "") == prefix("MULLER^EVA ", "19700203", ""));
  CHECK(prefix("Müller^Eva", "19700203", "") != prefix("Roe^Jane", "19700203", ""));
  CHECK(prefix("Müller^Eva", "19700203", "") != prefix("Müller^Eva", "19700204", ""));
  CHECK(prefix("Müller^Eva", "19700203", "") != prefix("Müller^Eva", "19700203", "A"));
}
