#include "fermata/plugin.hpp"

#include <optional>
#include <string>

#include "fermata_plugin_schema.hpp"
#include "folder_blob_store.hpp"

namespace your_plugin {
namespace {

using namespace fermata;

class StorePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<BlobStore>;
  using Needs = fermata::Needs<>;

  StorePlugin(Host host, Config config) : host_(std::move(host)), folder_(config["folder"].string()) {}

  void start() override {
    store_.emplace(folder_);
    host_.info("blob store open", {{"folder", folder_}});
    host_.publish<BlobStore>(*store_);
  }
  void stop() noexcept override { store_.reset(); }

 private:
  const Host host_;
  const std::string folder_;
  std::optional<FolderBlobStore> store_;
};

}  // namespace
}  // namespace your_plugin

FERMATA_PLUGIN(your_plugin::StorePlugin);
