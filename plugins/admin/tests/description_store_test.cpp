#include "studies/description_store.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"

namespace fermata::admin {
namespace {

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("descriptions are found by the beginnings of their words, also after a restart") {
  fermata::testing::MemoryStateStore store;
  {
    DescriptionStore descriptions(store);
    for (const auto* text : {"CT Thorax", "MR Schädel/Hals", "CT Thorax", "Prothorax", ""}) descriptions.add(text);
  }
  const DescriptionStore descriptions(store);
  CHECK(descriptions.with_word("thor", 9) == Texts{"CT Thorax"});
  CHECK(descriptions.with_word("schad", 9) == Texts{"MR Schädel/Hals"});
  CHECK(descriptions.with_word("hals", 9) == Texts{"MR Schädel/Hals"});
  CHECK(descriptions.with_word("ct", 9) == Texts{"CT Thorax"});
  CHECK(descriptions.with_word("", 2).size() == 2);
}

TEST_CASE("what can't be a key is left out") {
  fermata::testing::MemoryStateStore store;
  DescriptionStore descriptions(store);
  descriptions.add("a\\b");
  descriptions.add(std::string(257, 'x'));
  CHECK(descriptions.with_word("", 9).empty());
}

}  // namespace fermata::admin
