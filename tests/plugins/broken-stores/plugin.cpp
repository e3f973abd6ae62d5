#include "fermata/plugin.hpp"

#include <optional>

#include "broken_blob_store.hpp"
#include "broken_index.hpp"
#include "fermata_plugin_schema.hpp"

namespace broken_stores {
namespace {

using namespace fermata;

class BrokenStoresPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<BlobStore, Index>;
  using Needs = fermata::Needs<One<BlobStore>, One<Index>>;

  BrokenStoresPlugin(Host host, Config config) : host_(std::move(host)), defect_(config["defect"].string()) {}

  void start() override {
    blobs_.emplace(host_.one<BlobStore>(), defect_);
    index_.emplace(host_.one<Index>(), defect_);
    host_.publish<BlobStore>(*blobs_);
    host_.publish<Index>(*index_);
  }
  void stop() noexcept override {
    try {
      blobs_->stop();
      index_->stop();
    } catch (const Error& error) {
      host_.error(error.what());
    }
  }

 private:
  const Host host_;
  const std::string defect_;
  std::optional<BrokenBlobStore> blobs_;
  std::optional<BrokenIndex> index_;
};

}  // namespace
}  // namespace broken_stores

FERMATA_PLUGIN(broken_stores::BrokenStoresPlugin);
