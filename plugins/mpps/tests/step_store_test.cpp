#include "step_store.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"
#include "samples.hpp"
#include "step_document.hpp"

using namespace fermata;
using namespace fermata::mpps;
using namespace fermata::mpps::testing;

TEST_CASE("a step comes back as it was stored, and only once") {
  fermata::testing::MemoryStateStore memory;
  StepStore steps(memory);
  auto step = created(begun(), "1.9");
  step.worklist_items = {"file/a.yaml/1", "file/a.yaml/2"};
  CHECK(steps.add(step));
  CHECK_FALSE(steps.add(step));
  const auto found = steps.find("1.9");
  REQUIRE(found);
  CHECK(found->sop_instance_uid == "1.9");
  CHECK(found->ae_title == "CT1");
  CHECK(found->created_us == step.created_us);
  CHECK(found->worklist_items == step.worklist_items);
  CHECK(found->data_set.bytes() == step.data_set.bytes());
  CHECK_FALSE(steps.find("1.8"));  // the next one in order is another
  CHECK_FALSE(steps.find("1"));
  CHECK_FALSE(steps.find(""));
}

TEST_CASE("a change that another one has overtaken is made again on what is there now") {
  fermata::testing::MemoryStateStore memory;
  StepStore steps(memory);
  steps.add(created(begun(), "1.9"));
  int calls = 0;
  const auto changed = steps.change("1.9", [&](PerformedStep& step) {
    if (++calls == 1)
      steps.change("1.9", [](PerformedStep& other) { other.data_set.set(Tag(0x0040, 0x0254), "LO", "other"); });
    step.data_set.set(Tag(0x0040, 0x0255), "LO", "mine");
  });
  CHECK(calls == 2);
  REQUIRE(changed);
  const auto found = steps.find("1.9");
  CHECK(found->data_set.text(Tag(0x0040, 0x0254)) == "other");
  CHECK(found->data_set.text(Tag(0x0040, 0x0255)) == "mine");
  CHECK_FALSE(steps.change("1.8", [](PerformedStep&) {}));
}

TEST_CASE("steps are removed some time after their last change") {
  fermata::testing::MemoryStateStore memory;
  StepStore steps(memory);
  for (const auto* uid : {"1.1", "1.2", "1.3"}) {
    auto step = created(begun(), uid);
    step.changed_us = uid[2] - '0';
    steps.add(step);
  }
  CHECK(steps.remove_older_than(3) == 2);
  std::vector<std::string> left;
  steps.for_each([&](const PerformedStep& step) { left.push_back(step.sop_instance_uid); }, [](const std::string&) {});
  CHECK(left == std::vector<std::string>{"1.3"});
}

TEST_CASE("a document that can't be read is named, and the others are not lost") {
  fermata::testing::MemoryStateStore memory;
  StepStore steps(memory);
  steps.add(created(begun(), "1.9"));
  const std::string newer = "{\"format\":2}\n";
  memory.put(kStepsCollection, "1.8", std::as_bytes(std::span(newer)), StateStore::kAny);
  std::string problems;
  int read = 0;
  steps.for_each([&](const PerformedStep&) { ++read; }, [&](const std::string& problem) { problems += problem; });
  CHECK(read == 1);
  CHECK(problems.find("1.8: a stored procedure step has format 2") == 0);
}
