#include <catch2/catch.hpp>

#include "audit_query.hpp"
#include "csv.hpp"
#include "event_filter.hpp"
#include "fermata/testing/given_config.hpp"
#include "fermata/testing/threads_and_errors.hpp"
#include "samples.hpp"
#include "settings.hpp"

using namespace fermata;
using namespace fermata::audit_trail;
using fermata::testing::code_of;

TEST_CASE("Moments are read as RFC 3339 has them, and dates as whole days") {
  CHECK(parse_moment("2027-01-15T08:00:00Z", false) == kNow);
  CHECK(parse_moment("2027-01-15T09:00:00+01:00", false) == kNow);
  CHECK(parse_moment("2027-01-15T09:00:00 01:00", false) == kNow);
  CHECK(parse_moment("2027-01-15T07:30:00-00:30", false) == kNow);
  CHECK(parse_moment("2027-01-15T08:00:00.25Z", false) == kNow + 250'000);
  CHECK(parse_moment("2027-01-15", false) == kNow - 8 * 3600 * kSecond);
  CHECK(parse_moment("2027-01-15", true) == kNow + 16 * 3600 * kSecond - 1);
  for (const auto* wrong : {"", "yesterday", "2027-13-01", "2027-01-15T08:00Z", "2027-01-15T08:00:00",
                            "2027-01-15T08:00:00Zx", "2027-01-15T08:00:00+1"})
    CHECK(code_of([&] { parse_moment(wrong, false); }) == Code::invalid);
  CHECK(moment_text_with_fraction(kNow + 7'000) == "2027-01-15T08:00:00.007Z");
}

TEST_CASE("A query is read, with its escapes; what makes no sense is refused") {
  const auto query =
      parse_query("from=2027-01-15&to=2027-01-15&user=J%C3%B6rg+M&action=study.read&object=1.2&before=7&limit=5&x=y");
  CHECK(query.filter.user == "Jörg M");
  CHECK(query.filter.action == "study.read");
  CHECK(query.filter.object == "1.2");
  CHECK(query.filter.before == 7);
  CHECK(query.filter.to_us - query.filter.from_us == 86'400 * kSecond - 1);
  CHECK(query.limit == 5);
  CHECK(parse_query("").limit == 100);
  CHECK(parse_query("limit=1000000").limit == 1000);
  CHECK(parse_query("limit=0").limit == 1);
  for (const auto* wrong : {"limit=x", "before=-1", "from=1", "user=%z"})
    CHECK(code_of([&] { parse_query(wrong); }) == Code::invalid);
}

TEST_CASE("A line of CSV is quoted, and holds no formula") {
  auto one = event("1.2,3");
  one.number = 9;
  one.user = "=HYPERLINK(\"x\")";
  one.address = "";
  one.patient_id = "-1";
  one.detail = "said \"no\"";
  CHECK(csv_line(one) ==
        "9,2027-01-15T08:00:00Z,study.read,success,\"'=HYPERLINK(\"\"x\"\")\",,\"1.2,3\",\"'-1\",\"said "
        "\"\"no\"\"\"\r\n");
  for (const auto* formula : {"+1", "@x"}) {
    one.detail = formula;
    CHECK(csv_line(one).ends_with("\"'" + std::string(formula) + "\"\r\n"));
  }
}

TEST_CASE("The syslog server is optional") {
  const testing::GivenConfig without(R"({"keep": "3650d"})");
  CHECK_FALSE(read_settings(without.config()).syslog);
  const testing::GivenConfig with(R"({"keep": "1d", "syslog": {"host": "logs", "port": 601, "tls": false,
                                      "ca_certificate": "/a", "source": "PACS"}})");
  const auto settings = read_settings(with.config());
  REQUIRE(settings.syslog);
  CHECK(settings.syslog->host == "logs");
  CHECK(settings.syslog->port == 601);
  CHECK_FALSE(settings.syslog->tls);
  CHECK(settings.syslog->ca_certificate == "/a");
  CHECK(settings.source.id == "PACS");
}
