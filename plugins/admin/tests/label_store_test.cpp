#include "studies/label_store.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/memory_state_store.hpp"
#include "scene.hpp"

namespace fermata::admin {
namespace {

using fermata::testing::MemoryStateStore;
using testing::code_of;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("labels survive a restart") {
  MemoryStateStore store;
  CHECK(LabelStore(store).set("1.2", {" teaching ", "rare", "rare"}) == Texts{"rare", "teaching"});
  LabelStore labels(store);
  CHECK(labels.of("1.2") == Texts{"rare", "teaching"});
  CHECK(labels.studies("rare") == Texts{"1.2"});
}

TEST_CASE("new labels stand in place of the old ones") {
  MemoryStateStore store;
  LabelStore labels(store);
  labels.set("1.2", {"a"});
  labels.set("1.3", {"a", "b"});
  labels.set("1.2", {"b"});
  CHECK(labels.studies("a") == Texts{"1.3"});
  CHECK(labels.studies("b") == Texts{"1.2", "1.3"});
  labels.set("1.3", {});
  CHECK(labels.studies("a").empty());
  CHECK(LabelStore(store).all().size() == 1);
}

TEST_CASE("a label has 1 to 40 characters, and a study up to 20 labels") {
  MemoryStateStore store;
  LabelStore labels(store);
  std::string umlauts;
  for (int i = 0; i < 40; ++i) umlauts += "ä";
  CHECK(labels.set("1.2", {umlauts}) == Texts{umlauts});
  CHECK(code_of([&] { labels.set("1.2", {umlauts + "x"}); }) == Code::invalid);
  CHECK(code_of([&] { labels.set("1.2", {" "}); }) == Code::invalid);
  CHECK(code_of([&] { labels.set("1.2", {"two\nlines"}); }) == Code::invalid);
  Texts many;
  for (int i = 0; i < 21; ++i) many.push_back(std::to_string(i));
  CHECK(code_of([&] { labels.set("1.2", many); }) == Code::invalid);
  CHECK(labels.of("1.2") == Texts{umlauts});
}

}  // namespace fermata::admin
