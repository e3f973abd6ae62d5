#include "fermata/plugin.hpp"

#include <optional>

#include "fermata_plugin_schema.hpp"
#include "filesystem_blob_store.hpp"

namespace fermata::storage_filesystem {
namespace {

DurabilityChoice durability_choice(std::string_view text) {
  if (text == "ordered") return DurabilityChoice::ordered;
  return text == "strict" ? DurabilityChoice::strict : DurabilityChoice::automatic;
}

JournalSettings journal_settings(uint64_t largest) {
  JournalSettings settings;
  settings.largest = largest;
  return settings;
}

class StoragePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<BlobStore, BackupSource>;
  using Needs = fermata::Needs<>;

  StoragePlugin(Host host, Config config)
      : host_(std::move(host)),
        settings_{std::string(config["root"].string()), durability_choice(config["durability"].string()),
                  config["reserve"].size(), journal_settings(config["journal_up_to"].size())} {}

  void start() override {
    store_.emplace(settings_);
    host_.info("blob store open", {{"root", settings_.root}, {"durability", std::string(store_->durability())}});
    if (store_->leftovers() > 0)
      host_.warning("removed unfinished blobs of an earlier run", {{"count", std::to_string(store_->leftovers())}});
    if (store_->replayed() > 0)
      host_.warning("wrote blobs anew from the journal of an earlier run that was cut short",
                    {{"count", std::to_string(store_->replayed())}});
    if (!store_->without_journal().empty())
      host_.warning("there is no journal for small objects, which are stored more slowly without it",
                    {{"reason", store_->without_journal()}});
    host_.publish<BlobStore>(*store_);
    host_.publish<BackupSource>(store_->backup());
  }

  void stop() noexcept override { store_.reset(); }

 private:
  Host host_;
  StoreSettings settings_;
  std::optional<FilesystemBlobStore> store_;
};

}  // namespace
}  // namespace fermata::storage_filesystem

FERMATA_PLUGIN(fermata::storage_filesystem::StoragePlugin);
