#include "fermata/plugin.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "durable_queue.hpp"
#include "fermata/http_router.hpp"
#include "fermata/periodic.hpp"
#include "fermata/state_store.hpp"
#include "fermata/timestamp.hpp"
#include "fermata_plugin_schema.hpp"
#include "job_routes.hpp"
#include "job_table.hpp"

namespace fermata::jobs {
namespace {

constexpr std::chrono::seconds kReportingInterval{5};
constexpr std::chrono::minutes kTidyingInterval{10};

class JobsPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<JobQueue>;
  using Needs = fermata::Needs<One<StateStore>, Optional<HttpRouter>>;

  JobsPlugin(const Host& host, Config config)
      : host_(host), journal_(host), workers_(static_cast<std::size_t>(config["workers"].integer())) {
    settings_.most_attempts = static_cast<uint64_t>(config["attempts"].integer());
    settings_.keep_us = std::chrono::duration_cast<std::chrono::microseconds>(config["keep"].duration()).count();
  }

  void start() override {
    state_ = host_.one<StateStore>();
    router_ = host_.one<HttpRouter>();
    table_.emplace(*state_, settings_, now_us, journal_);
    table_->load();
    queue_.emplace(*table_, workers_, journal_);
    if (router_) {
      routes_.emplace(*queue_);
      routes_->add_to(*router_);
    }
    host_.publish<JobQueue>(*queue_);
  }

  void serve() override {
    queue_->serve();
    tidying_.start(kTidyingInterval, journal_, [this] { table_->tidy(); });
    reporting_.start(kReportingInterval, journal_, [this] { table_->report(); });
  }

  void drain(std::chrono::milliseconds limit) override {
    tidying_.stop();
    reporting_.stop();
    queue_->drain(limit);
  }

  void stop() noexcept override {
    tidying_.stop();
    reporting_.stop();
    if (queue_) queue_->drain(std::chrono::milliseconds(0));
  }

 private:
  const Host host_;
  const Journal journal_;
  const std::size_t workers_;
  TableSettings settings_;
  std::unique_ptr<StateStore> state_;
  std::unique_ptr<HttpRouter> router_;
  std::optional<JobTable> table_;
  std::optional<DurableQueue> queue_;
  std::optional<JobRoutes> routes_;
  Periodic tidying_;
  Periodic reporting_;
};

}  // namespace
}  // namespace fermata::jobs

FERMATA_PLUGIN(fermata::jobs::JobsPlugin);
