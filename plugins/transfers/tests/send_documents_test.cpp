#include <catch2/catch.hpp>

#include "fermata/testing/threads_and_errors.hpp"
#include "send_parameters.hpp"
#include "send_state.hpp"

using namespace fermata;
using namespace fermata::transfers;
using fermata::testing::code_of;

namespace {

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

}  // namespace

TEST_CASE("Parameters come back as they were, and those of other programs may lack what is not needed") {
  const auto text = SendParameters{"READING1", {"1", "2"}, {"3"}, "jane", "192.0.2.1"}.to_json();
  const auto back = SendParameters::from_json(bytes(text));
  CHECK(back.node == "READING1");
  CHECK(back.studies == std::vector<std::string>{"1", "2"});
  CHECK(back.series == std::vector<std::string>{"3"});
  CHECK(back.user == "jane");
  CHECK(back.address == "192.0.2.1");
  CHECK(SendParameters::from_json(bytes(R"({"version":1,"node":"A","studies":["1"]})")).series.empty());
  CHECK(code_of([&] { SendParameters::from_json(bytes("{}")); }) == Code::invalid);
  CHECK(code_of([&] { SendParameters::from_json(bytes(R"({"version":2})")); }) == Code::unsupported);
}

TEST_CASE("A title says what goes where") {
  CHECK(SendParameters{"A", {"1"}, {}, "", ""}.title() == "Send 1 study to A");
  CHECK(SendParameters{"A", {"1", "2"}, {"3"}, "", ""}.title() == "Send 2 studies and 1 series to A");
  CHECK(SendParameters{"A", {}, {"3", "4"}, "", ""}.title() == "Send 2 series to A");
}

TEST_CASE("A state comes back as it was; of no text it is the beginning") {
  SendState state;
  state.unit = 3;
  state.after = "1.2";
  state.done = 10;
  state.note_failure("1.1", "status 0xC000");
  state.again = {"5"};
  const auto text = state.to_json();
  const auto back = SendState::from_json(bytes(text));
  CHECK(back.unit == 3);
  CHECK(back.after == "1.2");
  CHECK(back.done == 10);
  CHECK(back.failed == 1);
  REQUIRE(back.failures.size() == 1);
  CHECK(back.failures[0].sop_instance_uid == "1.1");
  CHECK(back.failures[0].reason == "status 0xC000");
  CHECK(back.again == std::vector<std::string>{"5"});
  CHECK(SendState::from_json({}).unit == 0);
  CHECK(code_of([&] { SendState::from_json(bytes("[]")); }) == Code::invalid);
  CHECK(code_of([&] { SendState::from_json(bytes(R"({"version":2})")); }) == Code::unsupported);
}

TEST_CASE("The longest state fits into a checkpoint, and too many failures mean all over again") {
  SendState state;
  for (std::size_t i = 0; i < SendState::kMostFailures + 1; ++i)
    state.note_failure(std::string(64, '1'), "status 0xC000");
  CHECK(state.failed == SendState::kMostFailures + 1);
  CHECK(state.failures.size() == SendState::kMostFailures);
  CHECK(state.anew().again.empty());
  for (auto& failure : state.failures) state.again.push_back(failure.sop_instance_uid);
  CHECK(state.to_json().size() < 384 * 1024);
}

TEST_CASE("A problem names what was not taken and why") {
  SendState state;
  state.note_failure("1.1", "status 0xC000");
  CHECK(state.problem("A", 1) == "1 of 1 instances were not taken by A: status 0xC000. It is 1.1.");
  for (int i = 0; i < 10; ++i) state.note_failure("2." + std::to_string(i), "status 0x0122");
  const auto text = state.problem("A", 20);
  CHECK(text.find("status 0x0122 (10); status 0xC000 (1)") != std::string::npos);
  CHECK(text.find("2.4") == std::string::npos);
}
