#include "fermata/plugin.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "audit_routes.hpp"
#include "durable_trail.hpp"
#include "event_log.hpp"
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "fermata/periodic.hpp"
#include "fermata/timestamp.hpp"
#include "fermata_plugin_schema.hpp"
#include "patients.hpp"
#include "settings.hpp"
#include "syslog_forwarder.hpp"

namespace fermata::audit_trail {
namespace {

constexpr std::chrono::hours kCleaningInterval{24};

class AuditPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<AuditTrail>;
  using Needs = fermata::Needs<One<StateStore>, Optional<HttpRouter>, Late<Archive>>;

  AuditPlugin(const Host& host, Config config) : host_(host), settings_(read_settings(config)), journal_(host) {}

  void start() override {
    state_ = host_.one<StateStore>();
    router_ = host_.one<HttpRouter>();
    log_.emplace(*state_, journal_);
    log_->open();
    trail_.emplace(*log_, now_us, journal_);
    trail_->start();
    if (settings_.syslog) {
      forwarder_.emplace(*log_, *state_, *settings_.syslog, settings_.source, journal_);
      forwarder_->start();
    }
    if (router_) {
      routes_.emplace(*trail_, TrailReader(*trail_, *log_));
      routes_->add_to(*router_);
    }
    host_.publish<AuditTrail>(*trail_);
  }

  void serve() override {
    archive_ = host_.one<Archive>();
    if (archive_)
      trail_->look_up_patients_with([this](const std::string& study) { return patient_of(*archive_, study); });
    cleaning_.start(kCleaningInterval, journal_, [this] {
      log_->remove_older_than(now_us() - std::chrono::duration_cast<std::chrono::microseconds>(settings_.keep).count());
    });
  }

  void drain(std::chrono::milliseconds) override {
    cleaning_.stop();
    if (trail_) trail_->look_up_patients_with({});  // the archive may stop before us
  }

  void stop() noexcept override {
    cleaning_.stop();
    if (trail_) trail_->stop();
    if (forwarder_) forwarder_->stop();
  }

 private:
  const Host host_;
  const Settings settings_;
  const Journal journal_;
  std::unique_ptr<StateStore> state_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<Archive> archive_;
  std::optional<EventLog> log_;
  std::optional<DurableTrail> trail_;
  std::optional<SyslogForwarder> forwarder_;
  std::optional<AuditRoutes> routes_;
  Periodic cleaning_;
};

}  // namespace
}  // namespace fermata::audit_trail

FERMATA_PLUGIN(fermata::audit_trail::AuditPlugin);
