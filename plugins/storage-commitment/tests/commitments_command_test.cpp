#include "commitments_command.hpp"

#include <catch2/catch.hpp>

#include <sstream>

#include "fermata/error.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/recorded_console.hpp"

using namespace fermata;
using namespace fermata::storage_commitment;

TEST_CASE("requests are listed with their state, and one with its instances") {
  fermata::testing::MemoryStateStore memory;
  TransactionStore store(memory);
  Transaction t;
  t.uid = "9.1";
  t.ae_title = "CT1";
  t.requested_us = 1'700'000'000'000'000;
  t.state = Transaction::State::reporting;
  t.failed = 1;
  t.attempts = 4;
  t.problem = "nobody answers";
  store.add(t, {{"1.2.3", "1.1", reason::kCommitted}, {"1.2.3", "1.2", reason::kNoSuchInstance}});
  fermata::testing::RecordedConsole console;
  CommitmentsCommand command(store);
  CHECK(command.run_at(console, {}) == 0);
  CHECK(console.written ==
        "  Requested             AE title  Instances  Failed  State      Attempts  Transaction UID  Problem\n"
        "  2023-11-14 22:13:20Z  CT1       2          1       reporting  4         9.1              nobody answers\n");

  console.written.clear();
  const std::string_view uid[] = {"9.1"};
  command.run_at(console, uid);
  CHECK(console.written ==
        "Requested by CT1 at 2023-11-14 22:13:20Z, reporting\n"
        "  SOP Instance UID  SOP Class UID  Result\n"
        "  1.1               1.2.3          committed\n"
        "  1.2               1.2.3          no such object instance\n");

  const std::string_view unknown[] = {"9.2"};
  CHECK_THROWS_AS(command.run_at(console, unknown), Error);
  const std::string_view too_much[] = {"9.1", "9.2"};
  CHECK_THROWS_AS(command.run_at(console, too_much), Error);
  const std::string_view help[] = {"--help"};
  CHECK_THROWS_WITH(command.run_at(console, help), Catch::Contains("usage:"));
}
