#include "worklist_link.hpp"

#include <catch2/catch.hpp>

#include "fake_worklist.hpp"
#include "samples.hpp"

using namespace fermata;
using namespace fermata::mpps;
using namespace fermata::mpps::testing;

namespace {

struct Scene {
  FakeWorklist worklist;
  Journal journal;
  WorklistLink link{&worklist, journal};
};
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a step is linked to the scheduled step of its study") {
  Scene scene;
  scene.worklist.add("a", "1.2.3", "A9", "S1");
  scene.worklist.add("b", "1.2.3", "A9", "S2");
  scene.worklist.add("c", "1.2.4", "A1", "S1");
  CHECK(scene.link.items_of(created(begun("1.2.3", "S1"))) == Ids{"a"});
}

TEST_CASE("a step of a study that the modality made up is linked by accession number") {
  Scene scene;
  scene.worklist.add("c", "1.2.4", "A1", "S1");
  CHECK(scene.link.items_of(created(begun("9.9.9", "S1"))) == Ids{"c"});
  CHECK(scene.link.items_of(created(begun("9.9.9", "S7"))).empty());
}

TEST_CASE("a step that was not scheduled is linked to nothing") {
  Scene scene;
  scene.worklist.add("a", "1.2.3", "A1", "S1");
  CHECK(scene.link.items_of(created(begun("1.2.3", ""))).empty());
  CHECK(scene.link.items_of(created(begun("1.2.3", "*"))).empty());
  const WorklistLink without(nullptr, scene.journal);
  CHECK(without.items_of(created(begun())).empty());
  without.tell(created(begun()));
}

TEST_CASE("the worklist is told how far a step is") {
  Scene scene;
  scene.worklist.add("a", "1.2.3", "A1", "S1");
  auto step = created(begun());
  step.worklist_items = {"gone", "a"};  // one has expired
  scene.link.tell(step);
  CHECK(scene.worklist.status["a"] == "STARTED");
  SECTION("completed") {
    set(step, ended());
    scene.link.tell(step);
    CHECK(scene.worklist.status["a"] == "COMPLETED");
  }
  SECTION("discontinued") {
    set(step, ended("DISCONTINUED"));
    scene.link.tell(step);
    CHECK(scene.worklist.status["a"] == "DISCONTINUED");
  }
}

TEST_CASE("a worklist that fails does not keep a modality from working") {
  Scene scene;
  scene.worklist.broken = true;
  auto step = created(begun());
  CHECK(scene.link.items_of(step).empty());
  step.worklist_items = {"a"};
  scene.link.tell(step);
}
