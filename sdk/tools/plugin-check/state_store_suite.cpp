#include "fermata/testing/state_store_conformance.hpp"

#include "case.hpp"
#include "stored_subject.hpp"

namespace fermata::plugin_check {
namespace {

class PluginSubject final : public StoredSubject<StateStore, testing::StateStoreSubject> {
 public:
  using StoredSubject::StoredSubject;
  StateStore& store() override { return service(); }
};

}  // namespace

void add_state_store(std::vector<Case>& to) {
  for (const auto& check : testing::kStateStoreChecks) {
    const auto run = [check](PluginScene& scene) {
      PluginSubject subject(scene);
      check.run(subject);
    };
    to.push_back({"state-store", check.name, StateStore::kId, run});
  }
}

}  // namespace fermata::plugin_check
