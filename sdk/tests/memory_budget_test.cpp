#include "fermata/memory_budget.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

using namespace fermata;

namespace {

struct Log {
  std::vector<std::string> lines;
  Journal journal() {
    Journal journal;
    journal.log = [this](LogLevel, std::string_view text, std::initializer_list<Field>) { lines.emplace_back(text); };
    return journal;
  }
};

}  // namespace

TEST_CASE("shares of a memory grow as long as something is left, and give back what they have") {
  MemoryBudget memory(100, "things", "maximum_things", Journal{});
  std::optional<MemoryBudget::Share> first(memory);
  MemoryBudget::Share second(memory);
  CHECK(first->grow_to(60));
  CHECK(first->grow_to(50));
  CHECK(memory.taken() == 60);
  CHECK_FALSE(second.grow_to(41));
  CHECK(second.grow_to(40));
  CHECK_FALSE(second.grow_to(UINT64_MAX));
  CHECK(memory.taken() == 100);
  first.reset();
  CHECK(memory.taken() == 40);
  CHECK(second.grow_to(100));
  second.give_back();
  CHECK(memory.taken() == 0);
}

TEST_CASE("that nothing is left of a memory stands in the log once, with what is to be done") {
  Log log;
  MemoryBudget memory(100, "things", "maximum_things", log.journal());
  MemoryBudget::Share share(memory);
  for (int i = 0; i < 3; ++i) CHECK_FALSE(share.grow_to(101));
  REQUIRE(log.lines.size() == 1);
  CHECK_THAT(log.lines.front(), Catch::StartsWith("things are refused") && Catch::Contains("`maximum_things`"));
}
