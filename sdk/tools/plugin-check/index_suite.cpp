#include "fermata/testing/index_conformance.hpp"

#include "case.hpp"
#include "stored_subject.hpp"

namespace fermata::plugin_check {
namespace {

class PluginSubject final : public StoredSubject<Index, testing::IndexSubject> {
 public:
  using StoredSubject::StoredSubject;
  Index& index() override { return service(); }
};

}  // namespace

void add_index(std::vector<Case>& to) {
  for (const auto& check : testing::kIndexChecks) {
    const auto run = [check](PluginScene& scene) {
      PluginSubject subject(scene);
      check.run(subject);
    };
    to.push_back({"index", check.name, Index::kId, run});
  }
}

}  // namespace fermata::plugin_check
