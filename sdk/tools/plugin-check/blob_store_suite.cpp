#include "fermata/testing/blob_store_conformance.hpp"

#include "case.hpp"
#include "stored_subject.hpp"

namespace fermata::plugin_check {
namespace {

class PluginSubject final : public StoredSubject<BlobStore, testing::BlobStoreSubject> {
 public:
  using StoredSubject::StoredSubject;
  BlobStore& store() override { return service(); }
};

}  // namespace

void add_blob_store(std::vector<Case>& to) {
  const auto add = [&](const testing::Check<testing::BlobStoreSubject>& check, bool large) {
    const auto run = [check](PluginScene& scene) {
      PluginSubject subject(scene);
      check.run(subject);
    };
    to.push_back({"blob-store", check.name, BlobStore::kId, run, large});
  };
  for (const auto& check : testing::kBlobStoreChecks) add(check, false);
  for (const auto& check : testing::kLargeBlobStoreChecks) add(check, true);
}

}  // namespace fermata::plugin_check
