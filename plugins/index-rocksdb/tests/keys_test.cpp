#include "keys.hpp"

#include <catch2/catch.hpp>

using namespace fermata;
using namespace fermata::index_rocksdb;

TEST_CASE("keys of records are ordered by study, series, Instance Number and instance") {
  const std::string keys[]{
      study_key("1.2"),
      study_counts_key("1.2"),
      series_key("1.2", "5"),
      series_counts_key("1.2", "5"),
      instance_key("1.2", "5", sortable_number("-1"), "9"),
      instance_key("1.2", "5", sortable_number("2"), "9"),
      instance_key("1.2", "5", sortable_number("10"), "1"),
      instance_key("1.2", "5", sortable_number("10"), "2"),
      behind_series("1.2", "5"),
      series_key("1.2", "5.1"),
      behind_study("1.2"),
      study_key("1.2.3"),
  };
  for (std::size_t i = 1; i < std::size(keys); ++i) CHECK(keys[i - 1] < keys[i]);
}

TEST_CASE("a key of records comes apart as it was put together") {
  using Kind = RecordKey::Kind;
  CHECK(parse_record_key(study_key("1.2")).kind == Kind::study);
  CHECK(parse_record_key(study_counts_key("1.2")).kind == Kind::study_counts);
  CHECK(parse_record_key(series_key("1.2", "5")).kind == Kind::series);
  CHECK(parse_record_key(series_counts_key("1.2", "5")).kind == Kind::series_counts);
  const std::string key = instance_key("1.2", "5", sortable_number("-2147483648"), "9.9");
  const auto parsed = parse_record_key(key);
  CHECK(parsed.kind == Kind::instance);
  CHECK(parsed.study == "1.2");
  CHECK(parsed.series == "5");
  CHECK(parsed.number == 0);
  CHECK(parsed.instance == "9.9");
}

TEST_CASE("an Instance Number that is none counts as 0, and one that is too great as the greatest") {
  CHECK(sortable_number("") == sortable_number("0"));
  CHECK(sortable_number("abc") == sortable_number("0"));
  CHECK(sortable_number(" +7") == sortable_number("7"));
  CHECK(sortable_number("99999999999999999999") == sortable_number("2147483647"));
  CHECK(sortable_number("-99999999999999999999") == sortable_number("-2147483648"));
}

TEST_CASE("a UID that can't be part of a key is refused") {
  CHECK_NOTHROW(check_uid("1.2.3", "Study Instance UID"));
  CHECK_NOTHROW(check_uid("not a uid, but bytes", "Study Instance UID"));
  CHECK_THROWS_AS(check_uid("", "Study Instance UID"), Error);
  CHECK_THROWS_AS(check_uid(std::string(65, '1'), "Study Instance UID"), Error);
  CHECK_THROWS_AS(check_uid(std::string_view("1.\0002", 4), "Study Instance UID"), Error);
}

TEST_CASE("the place of an instance is read as written, and a damaged one is corrupt") {
  const auto value = encode_place("1.2", "5", sortable_number("3"));
  const auto place = decode_place("9", value);
  CHECK(place.key() == instance_key("1.2", "5", sortable_number("3"), "9"));
  for (std::size_t n = 0; n < value.size(); ++n) {
    CAPTURE(n);
    CHECK_THROWS_AS(decode_place("9", value.substr(0, n)), Error);
  }
}

TEST_CASE("the end of a prefix lies behind all that begins with it") {
  CHECK(behind_prefix("ab") == "ac");
  CHECK(behind_prefix("a\xff") == "b");
  CHECK(behind_prefix("\xff\xff").empty());
}

TEST_CASE("secondary keys give back value and study even if the value held a NUL") {
  const auto key = secondary_key(dicom::kPatientId, key_value(std::string_view("A\0B", 3)), "1.2");
  CHECK(study_of(key) == "1.2");
  CHECK(value_of_secondary_key(key) == "A B");
}
