#include "fermata/plugin.hpp"

#include <optional>

#include "database.hpp"
#include "database_backup.hpp"
#include "fermata_plugin_schema.hpp"
#include "renewal.hpp"
#include "rocks_state_store.hpp"

namespace fermata::index_rocksdb {
namespace {

class IndexPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Index, IndexRenewal, StateStore, BackupSource>;
  using Needs = fermata::Needs<>;

  IndexPlugin(Host host, Config config)
      : host_(std::move(host)),
        settings_{std::string(config["path"].string()), config["cache"].size(),
                  static_cast<int>(config["background_threads"].integer())} {}

  void start() override {
    database_.emplace(settings_);
    index_.emplace(*database_, Journal(host_));
    renewal_.emplace(*database_, *index_, Journal(host_));
    state_store_.emplace(*database_);
    backup_.emplace(*database_);
    const auto statistics = index_->statistics();
    host_.info("index open", {{"path", settings_.path.string()},
                              {"studies", std::to_string(statistics.studies)},
                              {"instances", std::to_string(statistics.instances)}});
    host_.publish<Index>(*index_);
    host_.publish<IndexRenewal>(*renewal_);
    host_.publish<StateStore>(*state_store_);
    host_.publish<BackupSource>(*backup_);
  }

  void stop() noexcept override {
    backup_.reset();
    state_store_.reset();
    renewal_.reset();
    index_.reset();
    database_.reset();
  }

 private:
  Host host_;
  DatabaseSettings settings_;
  std::optional<Database> database_;
  std::optional<CurrentIndex> index_;
  std::optional<Renewal> renewal_;
  std::optional<RocksStateStore> state_store_;
  std::optional<DatabaseBackup> backup_;
};

}  // namespace
}  // namespace fermata::index_rocksdb

FERMATA_PLUGIN(fermata::index_rocksdb::IndexPlugin);
