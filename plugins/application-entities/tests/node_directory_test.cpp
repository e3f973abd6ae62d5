#include "node_directory.hpp"

#include <catch2/catch.hpp>

#include "fermata/error.hpp"
#include "fermata/testing/breakable_state_store.hpp"
#include "node_document.hpp"
#include "node_list.hpp"

namespace fermata::application_entities {
namespace {

void ignore(const std::string&) {}

Node node(const char* entry) { return parse_node_list(entry).at(0); }

Code code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& e) {
    return e.code();
  }
  return Code::internal;
}

}  // namespace

TEST_CASE("a node that was put is there after a restart") {
  testing::BreakableStateStore store;
  {
    NodeDirectory directory({}, store, ignore);
    directory.put(node("CT1@192.0.2.1:4006"));
    CHECK(directory.nodes()->at("CT1").port == 4006);
    CHECK(directory.nodes()->at("CT1").origin == kFromAdministrator);
  }
  NodeDirectory directory({}, store, ignore);
  CHECK(directory.nodes()->at("CT1").host == "192.0.2.1");
}

TEST_CASE("a node that was removed is gone after a restart, and can't be removed twice") {
  testing::BreakableStateStore store;
  NodeDirectory directory({node("HOROS@192.0.2.9")}, store, ignore);
  directory.put(node("CT1@192.0.2.1"));
  directory.remove(" CT1 ");
  CHECK_FALSE(directory.nodes()->contains("CT1"));
  CHECK(NodeDirectory({}, store, ignore).nodes()->empty());
  CHECK(code_of([&] { directory.remove("CT1"); }) == Code::not_found);
}

TEST_CASE("nodes of the configuration file can't be changed or removed") {
  testing::BreakableStateStore store;
  NodeDirectory directory({node("CT1@192.0.2.1")}, store, ignore);
  CHECK(code_of([&] { directory.put(node("CT1@192.0.2.2")); }) == Code::conflict);
  CHECK(code_of([&] { directory.remove("CT1"); }) == Code::conflict);
  CHECK(directory.nodes()->at("CT1").host == "192.0.2.1");
}

TEST_CASE("the configuration file wins over a stored node, which comes back once it is gone from the file") {
  testing::BreakableStateStore store;
  NodeDirectory({}, store, ignore).put(node("CT1@192.0.2.1"));
  std::string warning;
  NodeDirectory directory({node("CT1@192.0.2.2")}, store, [&](const std::string& text) { warning = text; });
  CHECK(directory.nodes()->at("CT1").host == "192.0.2.2");
  CHECK_THAT(warning, Catch::Contains("CT1"));
  CHECK(NodeDirectory({}, store, ignore).nodes()->at("CT1").host == "192.0.2.1");
}

TEST_CASE("the same AE title twice in the configuration is an error that names it") {
  testing::BreakableStateStore store;
  CHECK_THROWS_WITH(NodeDirectory({node("CT1@192.0.2.1"), node("CT1@192.0.2.2")}, store, ignore),
                    Catch::Contains("CT1"));
}

TEST_CASE("a stored node that can't be read doesn't take the others with it") {
  testing::BreakableStateStore store;
  NodeDirectory({}, store, ignore).put(node("CT1@192.0.2.1"));
  store.put_text(kNodesCollection, "BAD", "{");
  store.put_text(kNodesCollection, "NEW", R"({"format":9})");
  int warnings = 0;
  NodeDirectory directory({}, store, [&](const std::string&) { ++warnings; });
  CHECK(warnings == 2);
  CHECK(directory.nodes()->size() == 1);
}

TEST_CASE("what the store refuses is not believed either") {
  testing::BreakableStateStore store;
  NodeDirectory directory({}, store, ignore);
  store.broken = true;
  CHECK(code_of([&] { directory.put(node("CT1@192.0.2.1")); }) == Code::io);
  CHECK(directory.nodes()->empty());
}

TEST_CASE("nodes that were asked for stay as they were while others change them") {
  testing::BreakableStateStore store;
  NodeDirectory directory({}, store, ignore);
  directory.put(node("CT1@192.0.2.1"));
  const auto before = directory.nodes();
  directory.remove("CT1");
  CHECK(before->contains("CT1"));
}

}  // namespace fermata::application_entities
