#include "fermata/plugin.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "fermata/periodic.hpp"
#include "fermata/timestamp.hpp"
#include "fermata_plugin_schema.hpp"
#include "mpps_service.hpp"
#include "procedures_command.hpp"
#include "retrieve_service.hpp"

namespace fermata::mpps {
namespace {

constexpr std::chrono::hours kCleaningInterval{24};

class MppsPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Command>;
  using Needs = fermata::Needs<One<Archive>, One<StateStore>, One<DimseServices>, Optional<Worklist>>;

  MppsPlugin(const Host& host, Config config) : host_(host), keep_(config["keep"].duration()), journal_(host) {}

  void start() override {
    archive_ = host_.one<Archive>();
    state_ = host_.one<StateStore>();
    services_ = host_.one<DimseServices>();
    worklist_ = host_.one<Worklist>();
    steps_.emplace(*state_);
    link_.emplace(worklist_.get(), journal_);
    mpps_.emplace(*steps_, *link_, journal_, now_us);
    retrieve_.emplace(*steps_);
    command_.emplace(*steps_, *archive_);
    const std::string_view mpps[] = {MppsService::kSopClassUid};
    const std::string_view retrieve[] = {RetrieveService::kSopClassUid};
    services_->add(mpps, kMayStore, *mpps_);
    services_->add(retrieve, kMayQuery, *retrieve_);
    host_.publish<Command>(*command_);
  }

  void serve() override {
    cleaning_.start(kCleaningInterval, journal_, [this] {
      steps_->remove_older_than(now_us() - std::chrono::duration_cast<std::chrono::microseconds>(keep_).count());
    });
  }

  void drain(std::chrono::milliseconds) override { stop(); }
  void stop() noexcept override { cleaning_.stop(); }

 private:
  const Host host_;
  const std::chrono::milliseconds keep_;
  const Journal journal_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<StateStore> state_;
  std::unique_ptr<DimseServices> services_;
  std::unique_ptr<Worklist> worklist_;
  std::optional<StepStore> steps_;
  std::optional<WorklistLink> link_;
  std::optional<MppsService> mpps_;
  std::optional<RetrieveService> retrieve_;
  std::optional<ProceduresCommand> command_;
  Periodic cleaning_;
};

}  // namespace
}  // namespace fermata::mpps

FERMATA_PLUGIN(fermata::mpps::MppsPlugin);
