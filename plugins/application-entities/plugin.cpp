#include "fermata/plugin.hpp"

#include <optional>
#include <utility>

#include "fermata_plugin_schema.hpp"
#include "host_addresses.hpp"
#include "node_directory.hpp"
#include "nodes_command.hpp"
#include "refused_journal.hpp"
#include "registry.hpp"
#include "settings.hpp"

namespace fermata::application_entities {
namespace {

constexpr std::chrono::seconds kRefusedInterval{5};
constexpr std::chrono::seconds kPatienceForNames{2};

class ApplicationEntitiesPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<ApplicationEntities, Command>;
  using Needs = fermata::Needs<One<StateStore>, Late<StationDirectory>>;

  ApplicationEntitiesPlugin(Host host, Config config)
      : host_(std::move(host)),
        settings_(read_settings(config)),
        refused_(settings_.refused_callers_kept),
        addresses_(look_up, settings_.host_lookup_interval) {}

  void start() override {
    const auto warn = [this](const std::string& text) { host_.warning(text); };
    store_ = host_.one<StateStore>();
    directory_.emplace(settings_.nodes, *store_, warn);
    journal_.emplace(refused_, *store_, kRefusedInterval, warn);
    journal_->read();
    registry_.emplace(settings_, *directory_, addresses_, refused_);
    command_.emplace(*registry_);
    host_.publish<ApplicationEntities>(*registry_);
    host_.publish<Command>(*command_);
  }

  void serve() override {
    stations_ = host_.one<StationDirectory>();
    registry_->use(stations_.get());
    journal_->start();
    if (!addresses_.wait_until_known(kPatienceForNames))
      host_.warning("not every node's host name is known yet: until it is, calls from there are refused");
  }

  void stop() noexcept override {
    if (journal_) journal_->stop();
  }

 private:
  Host host_;
  const Settings settings_;
  RefusedCallers refused_;
  HostAddresses addresses_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<StationDirectory> stations_;
  std::optional<NodeDirectory> directory_;
  std::optional<RefusedJournal> journal_;
  std::optional<Registry> registry_;
  std::optional<NodesCommand> command_;
};

}  // namespace
}  // namespace fermata::application_entities

FERMATA_PLUGIN(fermata::application_entities::ApplicationEntitiesPlugin);
