#include "fermata/plugin.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>

#include "deadline.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/http_router.hpp"
#include "fermata/job_queue.hpp"
#include "fermata_plugin_schema.hpp"
#include "send_route.hpp"
#include "send_runner.hpp"

namespace fermata::transfers {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kBeforeTheEnd{1000};  // for what was cut off to be noted

class TransfersPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<JobQueue>, One<Archive>, One<DimseClient>, One<ApplicationEntities>,
                               Optional<HttpRouter>, Optional<AuditTrail>>;

  TransfersPlugin(const Host& host, Config) : host_(host) {}

  void start() override {
    queue_ = host_.one<JobQueue>();
    archive_ = host_.one<Archive>();
    client_ = host_.one<DimseClient>();
    nodes_ = host_.one<ApplicationEntities>();
    router_ = host_.one<HttpRouter>();
    trail_ = host_.one<AuditTrail>();
    runner_.emplace(*archive_, *client_, *nodes_, trail_.get());
    queue_->add_runner(SendRunner::kKind, *runner_);
    if (!router_) return;
    route_.emplace(*archive_, *nodes_, *queue_);
    route_->add_to(*router_);
  }

  /// `jobs` drains after us, and tells the runs to end: that may take as long as an object takes to be sent.
  void drain(milliseconds limit) override {
    deadline_.start(std::max(limit - kBeforeTheEnd, milliseconds(100)), [this] { runner_->abort_all(); });
  }

  void stop() noexcept override { deadline_.stop(); }

 private:
  const Host host_;
  std::unique_ptr<JobQueue> queue_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<DimseClient> client_;
  std::unique_ptr<ApplicationEntities> nodes_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<AuditTrail> trail_;
  std::optional<SendRunner> runner_;
  std::optional<SendRoute> route_;
  Deadline deadline_;
};

}  // namespace
}  // namespace fermata::transfers

FERMATA_PLUGIN(fermata::transfers::TransfersPlugin);
