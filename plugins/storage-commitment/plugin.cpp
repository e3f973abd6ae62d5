#include "fermata/plugin.hpp"

#include <memory>
#include <optional>

#include "commitment_service.hpp"
#include "commitments.hpp"
#include "commitments_command.hpp"
#include "event_report.hpp"
#include "fermata_plugin_schema.hpp"
#include "settings.hpp"

namespace fermata::storage_commitment {
namespace {

class StorageCommitmentPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Command>;
  using Needs = fermata::Needs<One<Archive>, One<StateStore>, One<DimseServices>, One<DimseClient>>;

  StorageCommitmentPlugin(const Host& host, Config config)
      : host_(host), settings_(read_settings(config)), journal_(host) {}

  void start() override {
    archive_ = host_.one<Archive>();
    state_ = host_.one<StateStore>();
    services_ = host_.one<DimseServices>();
    client_ = host_.one<DimseClient>();
    store_.emplace(*state_);
    commitments_.emplace(*store_, *archive_, *client_, settings_, journal_);
    service_.emplace(*commitments_);
    command_.emplace(*store_);
    const std::string_view sop_classes[] = {kSopClassUid};
    services_->add(sop_classes, kMayStore, *service_);
    host_.publish<Command>(*command_);
  }

  void serve() override {
    commitments_->load();
    if (const auto count = commitments_->unfinished(); count > 0)
      host_.info("storage commitment goes on where it was", {{"unfinished", std::to_string(count)}});
    commitments_->start();
  }

  void drain(std::chrono::milliseconds) override { commitments_->stop(); }
  void stop() noexcept override {
    if (commitments_) commitments_->stop();
  }

 private:
  const Host host_;
  const Settings settings_;
  const Journal journal_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<StateStore> state_;
  std::unique_ptr<DimseServices> services_;
  std::unique_ptr<DimseClient> client_;
  std::optional<TransactionStore> store_;
  std::optional<Commitments> commitments_;
  std::optional<CommitmentService> service_;
  std::optional<CommitmentsCommand> command_;
};

}  // namespace
}  // namespace fermata::storage_commitment

FERMATA_PLUGIN(fermata::storage_commitment::StorageCommitmentPlugin);
