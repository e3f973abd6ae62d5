#include "greeting.hpp"

#include <catch2/catch.hpp>

#include "fermata/dicom/matching.hpp"
#include "fermata/testing/memory_state_store.hpp"
#include "fermata/testing/state_store_conformance.hpp"
#include "fermata/testing/through_boundary.hpp"

TEST_CASE("greets one person") {
  Greeting greeting("Hello");
  const auto remote = fermata::testing::through_boundary<fermata::Command>(greeting);
  const std::string_view names[] = {"Jane", "John"};
  CHECK(remote->run(std::span(names).first(1)) == 0);
  CHECK_THROWS_AS(remote->run(names), fermata::Error);
}

TEST_CASE("the SDK's matching is there") { CHECK(fermata::dicom::normalise("PN", "Müller^Eva") == "muller^eva"); }

namespace {
struct Subject final : fermata::testing::StateStoreSubject {
  fermata::StateStore& store() override { return memory; }
  fermata::testing::MemoryStateStore memory;
};
}  // namespace

FERMATA_STATE_STORE_CONFORMANCE("a state store of one's own", std::make_unique<Subject>())
