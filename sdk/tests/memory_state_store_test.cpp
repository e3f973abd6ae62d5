#include "fermata/testing/memory_state_store.hpp"

#include "fermata/testing/state_store_conformance.hpp"

namespace {

class MemoryStateStoreSubject final : public fermata::testing::StateStoreSubject {
 public:
  fermata::StateStore& store() override { return store_; }

 private:
  fermata::testing::MemoryStateStore store_;
};

}  // namespace

FERMATA_STATE_STORE_CONFORMANCE("the state store in memory", std::make_unique<MemoryStateStoreSubject>())
