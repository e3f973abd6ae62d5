#include "procedures_command.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <sstream>

#include "fermata/error.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/recorded_console.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::mpps;
using namespace fermata::mpps::testing;

namespace {

class FakeArchive final : public Archive {
 public:
  std::set<std::string, std::less<>> here;
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
    class Cursor final : public InstanceCursor {
     public:
      explicit Cursor(bool found) : found_(found) {}
      bool next(InstanceRecord&) override { return std::exchange(found_, false); }

     private:
      bool found_;
    };
    return std::make_unique<Cursor>(here.contains(selection.sop_instance_uids.front()));
  }
  std::unique_ptr<StoreOperation> store(const StoreRequest&) override { throw Error(Code::unsupported, "not here"); }
  std::unique_ptr<MatchCursor> find(const Query&) override { throw Error(Code::unsupported, "not here"); }
  std::unique_ptr<ObjectReader> open(const InstanceRecord&) override { throw Error(Code::unsupported, "not here"); }
  uint64_t remove(const Selection&) override { throw Error(Code::unsupported, "not here"); }
  IndexStatistics statistics() override { return {}; }
};

}  // namespace

TEST_CASE("steps are listed latest first, with what has arrived of them") {
  fermata::testing::MemoryStateStore memory;
  StepStore steps(memory);
  auto first = created(begun(), "1.1");
  set(first, ended());
  first.worklist_items = {"a"};
  auto second = created(begun("1.2.4"), "1.2");
  second.created_us += 1'000'000;
  steps.add(first);
  steps.add(second);
  FakeArchive archive;
  archive.here = {"1.5.1"};
  fermata::testing::RecordedConsole console;
  ProceduresCommand command(steps, archive);
  CHECK(command.run_at(console, {}) == 0);
  CHECK(
      console.written ==
      "  Begun                 AE title  Modality  State        Last change           Instances here  Worklist items  "
      "Study Instance UID  SOP Instance UID\n"
      "  2023-11-14 22:13:21Z  CT1       CT        IN PROGRESS  2023-11-14 22:13:20Z  0 of 0          0               "
      "1.2.4               1.2\n"
      "  2023-11-14 22:13:20Z  CT1       CT        COMPLETED    2023-11-14 22:28:20Z  1 of 2          1               "
      "1.2.3               1.1\n");

  console.written.clear();
  const std::string_view one[] = {"1.1"};
  command.run_at(console, one);
  CHECK(console.written == "  SOP Instance UID that is not here\n  1.5.2\n");
  const std::string_view unknown[] = {"1.3"};
  CHECK_THROWS_AS(command.run_at(console, unknown), Error);
  const std::string_view help[] = {"--help"};
  CHECK_THROWS_WITH(command.run_at(console, help), Catch::Contains("usage:"));
}
