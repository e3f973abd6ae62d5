#include "fermata/dicom/matching.hpp"

#include <catch2/catch.hpp>

#include "fermata/dicom/answer.hpp"
#include "fermata/testing/matching_cases.hpp"

using namespace fermata;
using namespace fermata::dicom;
namespace a = fermata::testing::attribute;
using fermata::testing::SampleDataSet;
using Strings = std::vector<std::string>;

namespace {

Key compiled(fermata::testing::Attribute attribute, std::string_view key) {
  SampleDataSet identifier;
  identifier.set(attribute, key);
  auto keys = compile(DataSetView(identifier.bytes()), false);
  REQUIRE(keys.size() == 1);
  return keys[0];
}

std::string message_of(const SampleDataSet& identifier) {
  try {
    compile(DataSetView(identifier.bytes()), false);
  } catch (const Error& e) {
    CHECK(e.code() == Code::invalid);
    return e.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("keys match as PS3.4 C.2.2.2 says") {
  for (const auto& c : fermata::testing::matching_cases()) {
    INFO(c.rule << ": stored [" << c.stored << "], key [" << c.key << "]");
    SampleDataSet data_set;
    if (!c.stored.empty()) data_set.set(c.attribute, c.stored);
    CHECK(matches(compiled(c.attribute, c.key), DataSetView(data_set.bytes())) == c.matches);
  }
}

TEST_CASE("an empty attribute matches as an absent one") {
  for (const auto& c : fermata::testing::matching_cases()) {
    if (!c.stored.empty()) continue;
    INFO(c.rule);
    for (const char* blank : {"", "  "}) {
      SampleDataSet data_set;
      data_set.set(c.attribute, blank);
      CHECK(matches(compiled(c.attribute, c.key), DataSetView(data_set.bytes())) == c.matches);
    }
  }
}

TEST_CASE("ranges of a date and of a time beside it can be one range") {
  for (const auto& c : fermata::testing::date_time_cases()) {
    INFO(c.rule);
    SampleDataSet identifier;
    identifier.set(a::study_date, c.date_key).set(a::study_time, c.time_key);
    SampleDataSet data_set;
    data_set.set(a::study_date, c.date).set(a::study_time, c.time);
    const auto keys = compile(DataSetView(identifier.bytes()), c.combined);
    CHECK(matches(keys, DataSetView(data_set.bytes())) == c.matches);
  }
}

TEST_CASE("every pair of a date and a time is known") {
  const std::pair<Tag, Tag> pairs[] = {
      {Tag(0x0008, 0x0012), Tag(0x0008, 0x0013)}, {Tag(0x0008, 0x0020), Tag(0x0008, 0x0030)},
      {Tag(0x0008, 0x0021), Tag(0x0008, 0x0031)}, {Tag(0x0008, 0x0022), Tag(0x0008, 0x0032)},
      {Tag(0x0008, 0x0023), Tag(0x0008, 0x0033)}, {Tag(0x0010, 0x0030), Tag(0x0010, 0x0032)},
      {Tag(0x0040, 0x0002), Tag(0x0040, 0x0003)}, {Tag(0x0040, 0x0244), Tag(0x0040, 0x0245)}};
  for (const auto& [date, time] : pairs) {
    SampleDataSet identifier;
    identifier.set({date, "DA"}, "20240101-20240102").set({time, "TM"}, "10-11");
    const auto combined = compile(DataSetView(identifier.bytes()), true);
    REQUIRE(combined.size() == 1);
    CHECK(combined[0].kind == Key::Kind::date_time);
    CHECK(combined[0].tag == date);
    CHECK(combined[0].time_tag == time);
    CHECK(combined[0].low == "20240101100000.000000");
    CHECK(combined[0].high == "20240102115959.999999");
    CHECK(compile(DataSetView(identifier.bytes()), false).size() == 2);
  }
}

TEST_CASE("a date and a time inside a sequence are one range too") {
  SampleDataSet item;
  item.set({Tag(0x0040, 0x0002), "DA"}, "20240101-").set({Tag(0x0040, 0x0003), "TM"}, "1800-");
  SampleDataSet identifier;
  identifier.set_items({Tag(0x0040, 0x0100), "SQ"}, {item});
  const auto keys = compile(DataSetView(identifier.bytes()), false);
  REQUIRE(keys.size() == 1);
  REQUIRE(keys[0].items.size() == 1);
  CHECK(keys[0].items[0].kind == Key::Kind::date_time);
}

TEST_CASE("the kind of a key says what an index can do with it") {
  using Kind = Key::Kind;
  CHECK(compiled(a::patient_name, "*").kind == Kind::universal);
  CHECK(compiled(a::patient_name, "Doe^John").kind == Kind::single);
  CHECK(compiled(a::patient_name, "Doe^John").values == Strings{"doe^john"});
  CHECK(compiled(a::modality, "CT\\MR").kind == Kind::list);
  CHECK(compiled(a::modality, "CT\\MR").values == Strings{"CT", "MR"});
  CHECK(compiled(a::patient_name, "Doe jo*").kind == Kind::wildcard);
  CHECK(compiled(a::patient_name, "Doe jo*").values == Strings{"doe^jo*"});
  CHECK(compiled(a::patient_name, "Doe^*").values == Strings{"doe^*", "doe"});
  CHECK(compiled(a::patient_name, "A=B").kind == Kind::name_groups);
  CHECK(compiled(a::study_date, "20240102").kind == Kind::single);
  CHECK(compiled(a::study_date, "20240102-").kind == Kind::range);
  CHECK(compiled(a::study_date, "20240102-").low == "20240102");
  CHECK(compiled(a::study_date, "20240102-").high.empty());
  CHECK(compiled(a::study_time, "10").kind == Kind::range);
  CHECK(compiled(a::study_time, "10").low == "100000.000000");
  CHECK(compiled(a::study_time, "10").high == "105959.999999");
  CHECK(compiled(a::study_time, "101112.123456").kind == Kind::single);
}

TEST_CASE("some elements of an identifier are no keys") {
  SampleDataSet identifier;
  identifier.set({Tag(0x0008, 0x0000), "UL"}, std::string_view("\4\0\0\0", 4))
      .set({kSpecificCharacterSet, "CS"}, "ISO_IR 100")
      .set({kQueryRetrieveLevel, "CS"}, "STUDY")
      .set({kTimezoneOffsetFromUtc, "SH"}, "+0100")
      .set(a::patient_id, "1");
  const auto keys = compile(DataSetView(identifier.bytes()), false);
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].tag == kPatientId);
}

TEST_CASE("a private creator is returned and restricts nothing") {
  CHECK(compiled(a::private_creator, "ACME").kind == Key::Kind::universal);
  CHECK(compiled(a::private_text, "Scout").kind == Key::Kind::single);
}

TEST_CASE("keys that can't be are refused by name, without their values") {
  CHECK(message_of(SampleDataSet().set(a::study_date, "20240101-20240102-20240103")).find("(0008,0020)") !=
        std::string::npos);
  CHECK(message_of(SampleDataSet().set(a::birth_date, "19700203-tomorrow")).find("19700203") == std::string::npos);
  CHECK(message_of(SampleDataSet().set(a::study_time, "noon-")).find("(0008,0030)") != std::string::npos);
  const std::vector<SampleDataSet> two(2);
  CHECK(message_of(SampleDataSet().set_items(a::request_attributes, two)).find("(0040,0275)") != std::string::npos);
}

TEST_CASE("a sequence matches by one of its items") {
  const auto item = [](const char* id, const char* description) {
    return SampleDataSet().set(a::scheduled_step_id, id).set(a::scheduled_step_description, description);
  };
  SampleDataSet data_set;
  data_set.set_items(a::request_attributes, {item("A", "Head"), item("B", "Knee")});
  const SampleDataSet none;
  const auto match = [](const std::vector<SampleDataSet>& key, const SampleDataSet& in) {
    SampleDataSet identifier;
    identifier.set_items(a::request_attributes, key);
    return matches(compile(DataSetView(identifier.bytes()), false), DataSetView(in.bytes()));
  };
  CHECK(match({item("B", "Knee")}, data_set));
  CHECK(match({item("B", "")}, data_set));
  CHECK_FALSE(match({item("A", "Knee")}, data_set));
  CHECK(match({}, data_set));
  CHECK(match({}, none));
  CHECK(match({SampleDataSet()}, none));
  CHECK(match({item("", "*")}, none));
  CHECK_FALSE(match({item("A", "")}, none));
}

TEST_CASE("a nested sequence matches as well") {
  const fermata::testing::Attribute inner{Tag(0x0040, 0x0008), "SQ"};
  const auto nested = [&](const char* code) {
    SampleDataSet outer;
    outer.set_items(inner, {SampleDataSet().set({Tag(0x0008, 0x0100), "SH"}, code)});
    return SampleDataSet().set_items(a::request_attributes, {outer});
  };
  const auto keys = compile(DataSetView(nested("T1*").bytes()), false);
  CHECK(matches(keys, DataSetView(nested("T100").bytes())));
  CHECK_FALSE(matches(keys, DataSetView(nested("T200").bytes())));
}

TEST_CASE("binary values match as numbers") {
  const auto one = [](const char(&vr)[3], auto number) {
    DataSetWriter writer;
    writer.add(Tag(0x0028, 0x0010), Vr(vr), std::as_bytes(std::span(&number, 1)));
    return writer.take();
  };
  const auto match = [](const std::vector<std::byte>& key, const std::vector<std::byte>& stored) {
    return matches(compile(DataSetView(key), false), DataSetView(stored));
  };
  CHECK(match(one("US", uint16_t{512}), one("US", uint16_t{512})));
  CHECK_FALSE(match(one("US", uint16_t{512}), one("US", uint16_t{513})));
  CHECK(match(one("SS", int16_t{-3}), one("SS", int16_t{-3})));
  CHECK(match(one("US", uint16_t{42}), one("UL", uint32_t{42})));
  CHECK(match(one("FL", 0.5f), one("FD", 0.5)));
  CHECK_FALSE(match(one("FD", 0.5), one("FD", 0.25)));
  CHECK(match(one("AT", uint32_t{0x00200010}), one("AT", uint32_t{0x00200010})));
  CHECK(match(one("UV", uint64_t{UINT64_MAX}), one("UV", uint64_t{UINT64_MAX})));
  CHECK(match(one("SV", INT64_MIN), one("SV", INT64_MIN)));
}

TEST_CASE("what is normalised stays as it is") {
  const std::pair<const char*, const char*> values[] = {{"PN", " ^Doe^ John  M ^^ "},
                                                        {"PN", "Yamada^Tarou=山田^太郎=やまだ^たろう"},
                                                        {"PN", "Groß^İnci"},
                                                        {"DA", "2024.01.02"},
                                                        {"TM", "10:30"},
                                                        {"DT", "20240102101112+0100"},
                                                        {"DS", "+01.50E3"},
                                                        {"IS", "-007"},
                                                        {"LO", "  Head  CT "}};
  for (const auto& [vr, value] : values) {
    const auto once = normalise(Vr(vr[0], vr[1]), value);
    CHECK(normalise(Vr(vr[0], vr[1]), once) == once);
  }
}

TEST_CASE("values are normalised") {
  CHECK(normalise("PN", "Van der Berg^Jan^^^") == "van^der^berg^jan");
  CHECK(normalise("PN", "A^B==") == "a^b");
  CHECK(normalise("PN", "=A") == "=a");
  CHECK(normalise("PN", std::string_view("A\0=", 3)) == "a");
  CHECK(normalise("DA", "2024.01.02") == "20240102");
  CHECK(normalise("DA", "around 1950") == "around 1950");
  CHECK(normalise("TM", "9") == "9");
  CHECK(normalise("TM", "0930") == "093000.000000");
  CHECK(normalise("TM", "093000.1234567") == "093000.123456");
  CHECK(normalise("DT", "2024") == "20240101000000.000000");
  CHECK(normalise("DT", "20231231233000-0100") == "20240101003000.000000");
  CHECK(normalise("DT", "20240229230000-0200") == "20240301010000.000000");
  CHECK(normalise("DS", "0012.500") == "12.5");
  CHECK(normalise("DS", ".5") == "0.5");
  CHECK(normalise("DS", "5.") == "5");
  CHECK(normalise("DS", "-0.000") == "0");
  CHECK(normalise("DS", "1.5e-30") == "1.5e-30");
  CHECK(normalise("DS", "1e") == "1e");
  CHECK(normalise("DS", ".") == ".");
  CHECK(normalise("DS", "1e999999999999999999999") == "1e999999999999999999999");
  CHECK(normalise("UI", std::string_view("1.2.3\0", 6)) == "1.2.3");
}

TEST_CASE("an index holds each group of a name, and no empty values") {
  const auto values = [](fermata::testing::Attribute attribute, std::string_view text) {
    SampleDataSet data_set;
    data_set.set(attribute, text);
    return normalised_values(*DataSetView(data_set.bytes()).find(attribute.tag));
  };
  CHECK(values(a::patient_name, "Yamada^Tarou=山田^太郎=やまだ^たろう") ==
        Strings{"yamada^tarou", "山田^太郎", "やまだ^たろう"});
  CHECK(values(a::patient_name, "=山田^太郎") == Strings{"山田^太郎"});
  CHECK(values(a::patient_name, "Doe^John\\Roe^Jane") == Strings{"doe^john", "roe^jane"});
  CHECK(values(a::modality, "CT\\ \\MR") == Strings{"CT", "MR"});
  CHECK(values(a::patient_comments, "a\\b") == Strings{"a\\b"});
  CHECK(values(a::patient_name, "").empty());
}

TEST_CASE("malformed UTF-8 matches itself and breaks nothing") {
  const auto folded = fold("M\xfcller \xf0\x9f");
  CHECK(fold(folded) == folded);
  CHECK(matches_wildcard("M?ller", "M\xfcller"));
  CHECK_FALSE(matches_wildcard("\xc3?", "\xc3"));
}

TEST_CASE("a pattern of many stars takes no longer than its length says") {
  std::string pattern;
  for (int i = 0; i < 2000; ++i) pattern += "*a";
  const std::string text(20000, 'a');
  CHECK_FALSE(matches_wildcard(pattern + "*b", text));
  CHECK(matches_wildcard(pattern + "*", text));
}

TEST_CASE("an index seeks to the literal beginning of a pattern") {
  CHECK(literal_prefix("doe^j*") == "doe^j");
  CHECK(literal_prefix("?oe") == "");
  CHECK(literal_prefix("doe") == "doe");
}
