#include "letter.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace fermata;
using namespace fermata::alarms;
using Catch::Contains;

namespace {

const Sender kSender{"Practice Müller", "https://pacs.example"};
const Notice kFull{Notice::Kind::raised,
                   {"admin", "disk", ConditionLevel::failing, "The disk is nearly full", "Make room", 86'400'000'000}};
const Notice kOver{Notice::Kind::resolved,
                   {"jobs", "failed-jobs", ConditionLevel::warning, "A job has failed", "Look", 0}};

}  // namespace

TEST_CASE("the text says what is wrong, what to do, and since when") {
  CHECK(subject_of(kSender, {kFull}) == "Practice Müller: Failing: The disk is nearly full");
  CHECK(subject_of(kSender, {kFull, kOver}) == "Practice Müller: 2 messages");
  CHECK(text_of(kSender, {kFull, kOver}) ==
        "Failing: The disk is nearly full\r\nMake room\r\nSince 1970-01-02 00:00:00 UTC, from admin\r\n\r\n"
        "Over: A job has failed\r\nSince 1970-01-01 00:00:00 UTC, from jobs\r\n\r\nhttps://pacs.example\r\n");
}

TEST_CASE("a mail has the fields that servers want, and no line that is too long") {
  const auto mail = mail_of(kSender, {"pacs@example.org", {"a@example.org", "b@example.org"}}, {kFull}, 0, "17");
  CHECK_THAT(mail, Contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"));
  CHECK_THAT(mail, Contains("To: a@example.org, b@example.org\r\n"));
  CHECK_THAT(mail, Contains("Message-ID: <17@example.org>\r\n"));
  CHECK_THAT(mail, Contains("Subject: =?UTF-8?B?UHJhY3RpY2UgTcO8bGxlcjog") && Contains("?=\r\n =?UTF-8?B?"));
  for (std::size_t at = 0; at < mail.size(); at = mail.find("\r\n", at) + 2) CHECK(mail.find("\r\n", at) - at <= 78);
}

TEST_CASE("a line break in a text does not become a field of the mail") {
  auto notice = kFull;
  notice.what.text = "full\r\nBcc: everybody@example.org";
  const auto mail = mail_of({"Fermata", ""}, {"pacs@example.org", {"a@example.org"}}, {notice}, 0, "17");
  CHECK_THAT(mail, !Contains("\nBcc:"));
}

TEST_CASE("the web hook's JSON has every alarm") {
  const auto object = boost::json::parse(json_of(kSender, {kFull, kOver})).as_object();
  CHECK(object.at("archive") == "Practice Müller");
  CHECK(object.at("text") == "Practice Müller: 2 messages");
  const auto& alarm = object.at("alarms").at(0);
  CHECK(alarm.at("kind") == "raised");
  CHECK(alarm.at("level") == "failing");
  CHECK(alarm.at("since") == "1970-01-02T00:00:00Z");
  CHECK(object.at("alarms").at(1).at("kind") == "resolved");
}
