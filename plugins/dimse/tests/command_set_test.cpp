#include "command_set.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "fermata/error.hpp"

using namespace fermata;
using namespace fermata::dimse;

namespace {

CommandSet store_request() {
  CommandSet command;
  command.set_text(element::kAffectedSopInstanceUid, "1.2.3");
  command.set_u16(element::kMessageId, 7);
  command.set_text(element::kAffectedSopClassUid, "1.2.840.10008.5.1.4.1.1.2");
  command.set_u16(element::kCommandField, field::kStore);
  command.set_has_data_set(true);
  command.set_text(element::kMoveOriginatorAeTitle, "VIEWER 1");
  return command;
}

std::vector<std::byte> raw(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int v : values) bytes.push_back(static_cast<std::byte>(v));
  return bytes;
}

}  // namespace

TEST_CASE("a command set survives encoding and parsing") {
  const auto parsed = CommandSet::parse(store_request().encode());
  CHECK(parsed.field() == field::kStore);
  CHECK(parsed.message_id() == 7);
  CHECK(parsed.has_data_set());
  CHECK(parsed.sop_class_uid() == "1.2.840.10008.5.1.4.1.1.2");
  CHECK(parsed.sop_instance_uid() == "1.2.3");
  CHECK(parsed.text(element::kMoveOriginatorAeTitle) == "VIEWER 1");
  CHECK_FALSE(parsed.u16(element::kStatus));
}

TEST_CASE("elements stand in ascending order after their group length, whatever the order of setting") {
  CommandSet command;
  command.set_u16(element::kStatus, 0x0102);
  command.set_u16(element::kCommandField, 0x8030);
  CHECK(command.encode() == raw({0, 0, 0,    0,    4, 0, 0, 0, 20,   0,    0, 0,  // (0000,0000) UL 20
                                 0, 0, 0x00, 0x01, 2, 0, 0, 0, 0x30, 0x80,        // (0000,0100)
                                 0, 0, 0x00, 0x09, 2, 0, 0, 0, 0x02, 0x01}));     // (0000,0900)
}

TEST_CASE("uids are padded with NUL and text with a space") {
  CommandSet command;
  command.set_text(element::kAffectedSopClassUid, "1.2.3");
  command.set_text(element::kMoveDestination, "PACS1");
  const auto encoded = command.encode();
  CHECK(encoded[12 + 8 + 5] == std::byte{0});
  CHECK(encoded.back() == std::byte{' '});
}

TEST_CASE("setting an element again replaces it, longer or shorter") {
  CommandSet command;
  command.set_u16(element::kMessageId, 1);
  command.set_text(element::kErrorComment, "short");
  command.set_u16(element::kRemainingSubOperations, 9);
  command.set_text(element::kErrorComment, "something considerably longer");
  CHECK(command.text(element::kErrorComment) == "something considerably longer");
  command.set_text(element::kErrorComment, "");
  CHECK(command.text(element::kErrorComment).empty());
  CHECK(command.u16(element::kRemainingSubOperations) == 9);
  CHECK(command.message_id() == 1);
}

TEST_CASE("a response names the request and its object, and has no data set") {
  const auto response = CommandSet::response_to(store_request(), 0xa700);
  CHECK(response.field() == 0x8001);
  CHECK(response.is_response());
  CHECK(response.message_id_responded_to() == 7);
  CHECK(response.status() == 0xa700);
  CHECK(response.text(element::kAffectedSopInstanceUid) == "1.2.3");
  CHECK_FALSE(response.has_data_set());
  CHECK_FALSE(response.u16(element::kMessageId));
}

TEST_CASE("a response to an N request turns requested UIDs into affected ones") {
  CommandSet request;
  request.set_u16(element::kCommandField, field::kNAction);
  request.set_text(element::kRequestedSopClassUid, "1.2");
  request.set_text(element::kRequestedSopInstanceUid, "1.2.9");
  request.set_u16(element::kActionTypeId, 3);
  const auto response = CommandSet::response_to(request, 0);
  CHECK(response.text(element::kAffectedSopClassUid) == "1.2");
  CHECK(response.text(element::kAffectedSopInstanceUid) == "1.2.9");
  CHECK(response.text(element::kRequestedSopClassUid).empty());
  CHECK(response.u16(element::kActionTypeId) == 3);
}

TEST_CASE("attribute identifier lists are read and written as pairs of group and element") {
  CommandSet command;
  const std::vector<uint32_t> tags{0x00100020, 0x7fe00010};
  command.set_tags(element::kAttributeIdentifierList, tags);
  CHECK(command.tags(element::kAttributeIdentifierList) == tags);
}

TEST_CASE("error comments are printable ASCII of at most 64 characters") {
  CommandSet command;
  command.set_error_comment("caf\xc3\xa9 \\ " + std::string(100, 'x'));
  const auto comment = command.text(element::kErrorComment);
  CHECK(comment.size() == 64);
  CHECK(comment.substr(0, 10) == "caf?? ? xx");
}

TEST_CASE("bytes that are no command set are refused") {
  const auto good = store_request().encode();
  for (std::size_t length = 1; length < good.size(); ++length) {
    INFO("cut to " << length);
    try {
      CommandSet::parse(std::span(good).first(length));  // a cut between elements may leave a command set
    } catch (const Error& error) {
      CHECK(error.code() == Code::invalid);
    }
  }
  CHECK_THROWS_AS(CommandSet::parse({}), Error);
  CHECK_THROWS_AS(CommandSet::parse(raw({8, 0, 0, 1, 2, 0, 0, 0, 1, 0})), Error);              // group 0008
  CHECK_THROWS_AS(CommandSet::parse(raw({0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 1, 0})), Error);  // longer than it is
  CHECK_THROWS_AS(CommandSet::parse(raw({0, 0, 0, 1, 2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0})), Error);  // twice
}

TEST_CASE("values of the wrong size read as absent") {
  const auto command = CommandSet::parse(raw({0, 0, 0, 1,    2, 0, 0, 0, 1, 0, 0, 0, 0x10, 1, 1, 0, 0, 0, 5,  //
                                              0, 0, 5, 0x10, 3, 0, 0, 0, 1, 2, 3}));
  CHECK_FALSE(command.u16(element::kMessageId));
  CHECK(command.tags(element::kAttributeIdentifierList).empty());
  CHECK_FALSE(command.has_data_set());
}

TEST_CASE("arbitrary changes to a command set never do more than throw Error") {
  std::mt19937 random(1);
  const auto good = store_request().encode();
  for (int round = 0; round < 20000; ++round) {
    auto bytes = good;
    for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
    try {
      auto command = CommandSet::parse(bytes);
      (void)command.sop_class_uid();
      (void)command.tags(element::kAttributeIdentifierList);
      command.set_u16(element::kStatus, 1);
      command.set_text(element::kAffectedSopClassUid, "1.2.3");
      CHECK(CommandSet::parse(command.encode()).status() == 1);
    } catch (const Error&) {
    }
  }
}
