#include "fermata/plugin.hpp"

#include "fermata/testing/memory_blob_store.hpp"
#include "fermata_plugin_schema.hpp"

namespace memory_store {
namespace {

using namespace fermata;

class MemoryStorePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<BlobStore>;
  using Needs = fermata::Needs<>;

  MemoryStorePlugin(Host host, Config config) : host_(std::move(host)), store_(config["total"].size()) {}
  void start() override { host_.publish<BlobStore>(store_); }

 private:
  const Host host_;
  testing::MemoryBlobStore store_;
};

}  // namespace
}  // namespace memory_store

FERMATA_PLUGIN(memory_store::MemoryStorePlugin);
