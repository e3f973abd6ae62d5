#include "fermata/plugin.hpp"

#include <memory>
#include <optional>

#include "fermata/audit_trail.hpp"
#include "fermata/dimse_services.hpp"
#include "fermata/http_router.hpp"
#include "fermata/periodic.hpp"
#include "fermata_plugin_schema.hpp"
#include "find_service.hpp"
#include "settings.hpp"
#include "stored_worklist.hpp"
#include "watched_folder.hpp"
#include "worklist_routes.hpp"

namespace fermata::worklist {
namespace {

constexpr std::chrono::hours kExpiryInterval{1};

class WorklistPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Worklist>;
  using Needs = fermata::Needs<One<StateStore>, One<DimseServices>, Optional<HttpRouter>, Optional<AuditTrail>>;

  WorklistPlugin(const Host& host, Config config) : host_(host), settings_(read_settings(config)), journal_(host) {}

  void start() override {
    store_ = host_.one<StateStore>();
    services_ = host_.one<DimseServices>();
    worklist_.emplace(*store_, journal_);
    worklist_->load();
    find_.emplace(*worklist_, journal_, settings_.answer_finished);
    const std::string_view sop_classes[] = {FindService::kSopClassUid};
    services_->add(sop_classes, kMayQuery, *find_);
    host_.publish<Worklist>(*worklist_);
    router_ = host_.one<HttpRouter>();
    trail_ = host_.one<AuditTrail>();
    if (!router_) return;
    routes_.emplace(*worklist_, trail_.get(), settings_.folder);
    routes_->add_to(*router_);
  }

  void serve() override {
    expiry_.start(kExpiryInterval, journal_, [this] {
      const auto day = first_day_kept(std::chrono::system_clock::now(), settings_.expire_after);
      if (const auto count = worklist_->expire(day); count > 0)
        host_.info("worklist items have expired", {{"items", std::to_string(count)}, {"before", day}});
    });
    if (settings_.folder.empty()) return;
    folder_.emplace(settings_.folder, settings_.remove_with_file, *worklist_, *store_, journal_);
    folder_->open();
    scanning_.start(settings_.interval, journal_, [this] { folder_->scan(); });
    host_.info("watching a folder for worklist items", {{"folder", settings_.folder}});
  }

  void drain(std::chrono::milliseconds) override { stop(); }
  void stop() noexcept override {
    scanning_.stop();
    expiry_.stop();
  }

 private:
  const Host host_;
  const Settings settings_;
  const Journal journal_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<DimseServices> services_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<AuditTrail> trail_;
  std::optional<StoredWorklist> worklist_;
  std::optional<FindService> find_;
  std::optional<WorklistRoutes> routes_;
  std::optional<WatchedFolder> folder_;
  Periodic scanning_;
  Periodic expiry_;
};

}  // namespace
}  // namespace fermata::worklist

FERMATA_PLUGIN(fermata::worklist::WorklistPlugin);
