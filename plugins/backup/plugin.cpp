#include "fermata/plugin.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "backup_command.hpp"
#include "backup_reader_commands.hpp"
#include "backup_routes.hpp"
#include "backup_runner.hpp"
#include "backup_watch.hpp"
#include "fermata/periodic.hpp"
#include "fermata/timestamp.hpp"
#include "fermata_plugin_schema.hpp"
#include "local-socket/job_desk.hpp"
#include "repair_command.hpp"
#include "verb_requests.hpp"
#include "verification.hpp"
#include "verification_routes.hpp"

namespace fermata::backup {
namespace {

constexpr std::chrono::seconds kLookInterval{20};

Method method_from(std::string_view name) {
  if (name == "copy") return Method::copy;
  return name == "link" ? Method::link : Method::automatic;
}

std::vector<HookCommand> commands_from(Config list) {
  std::vector<HookCommand> commands;
  for (uint64_t i = 0; i < list.count(); ++i) {
    auto& command = commands.emplace_back();
    for (uint64_t word = 0; word < list.item(i).count(); ++word) command.emplace_back(list.item(i).item(word).string());
  }
  return commands;
}

unsigned number_from(Config value) { return static_cast<unsigned>(value.integer()); }

WorkSettings work_settings(Config config) {
  const auto keep = config["keep"];
  return {method_from(config["method"].string()),
          {number_from(keep["last"]), number_from(keep["daily"]), number_from(keep["weekly"]),
           number_from(keep["monthly"])},
          commands_from(config["before"]),
          commands_from(config["after"]),
          config["command_limit"].duration()};
}

VerificationSettings verification_settings(Config config) {
  const auto verify = config["verify"];
  VerificationSettings settings{verify["every"].duration(),
                                verify["rate"].size(),
                                std::string(config["destination"].string()),
                                {},
                                nullptr,
                                std::string(config["ae_title"].string())};
  for (uint64_t i = 0; i < verify["mirrors"].count(); ++i)
    settings.mirrors.emplace_back(verify["mirrors"].item(i).string());
  return settings;
}

class BackupPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Command>;
  using Needs = fermata::Needs<Many<BackupSource>, One<StateStore>, One<JobQueue>, Optional<Integrity>,
                               Optional<HttpRouter>, Optional<DimseClient>, Optional<AuditTrail>>;

  BackupPlugin(Host host, Config config)
      : host_(std::move(host)),
        journal_(host_),
        folder_(config["folder"].string()),
        work_settings_(work_settings(config)),
        watch_settings_{std::string(config["destination"].string()),
                        {Schedule::time_of_day(config["at"].string()), config["every"].duration()},
                        config["maximum_age"].duration()},
        verification_settings_(verification_settings(config)),
        backup_(folder_),
        repair_(folder_) {
    host_.publish<Command>(backup_);
    host_.publish<Command>(repair_);
    host_.publish<Command>(restore_);
    host_.publish<Command>(verify_);
  }

  void start() override {
    state_ = host_.one<StateStore>();
    queue_ = host_.one<JobQueue>();
    router_ = host_.one<HttpRouter>();
    trail_ = host_.one<AuditTrail>();
    work_.emplace(host_.all_named<BackupSource>(), work_settings_, journal_);
    backup_.work_with(*work_);
    watch_.emplace(watch_settings_, *state_, *queue_, [this] { tell_conditions(); });
    runner_.emplace(*work_, problems_,
                    [this](const BackupRequest& request, const BackupReport& report, const std::string& failure) {
                      watch_->note(request, report, failure);
                    });
    queue_->add_runner(BackupRunner::kKind, *runner_);
    if (router_) {
      routes_.emplace(*watch_, *queue_);
      routes_->add_to(*router_);
    }
    if (integrity_ = host_.one<Integrity>(); integrity_) start_verification();
  }

  void serve() override {
    desk_.emplace(
        folder_ / kSocket, *queue_,
        [this](const auto& request) {
          return add_requested(request, *queue_, [this](const auto& node) { return begin_verification(node); });
        },
        journal_, &problems_);
    desk_->start();
    looking_.start(kLookInterval, journal_, [this] {
      watch_->look();
      if (verification_) verification_->look();
    });
  }

  void drain(std::chrono::milliseconds) override {
    looking_.stop();
    desk_->stop();
  }

  void stop() noexcept override {
    looking_.stop();
    desk_.reset();
  }

 private:
  void start_verification() {
    dimse_ = host_.one<DimseClient>();
    auto settings = verification_settings_;
    settings.dimse = dimse_.get();
    verification_.emplace(*integrity_, *state_, *queue_, problems_, std::move(settings), journal_,
                          [this] { tell_conditions(); });
    queue_->add_runner(Verification::kKind, *verification_);
    if (!router_) return;
    verification_routes_.emplace(*verification_, trail_.get());
    verification_routes_->add_to(*router_);
  }
  uint64_t begin_verification(const std::string& node) {
    if (!verification_) throw Error(Code::unsupported, "no plugin can verify what is stored");
    return verification_->begin("", node);
  }
  void tell_conditions() {
    tell("backup-missing", watch_->trouble(),
         "See that the disk for backups is there and has room, and make a backup with fermata backup, or on the page "
         "Backups");
    if (verification_)
      tell("objects-damaged", verification_->trouble(),
           "See the page Backups for which they are; fermata repair tries again, and takes copies from backups and "
           "mirrors, and with --from-node from another archive");
    if (const auto good = watch_->history().good; good != 0)
      host_.gauge("backup_age_seconds", static_cast<double>(now_us() - good) / 1e6);
  }
  void tell(std::string_view name, const std::string& trouble, std::string_view remedy) {
    host_.condition(name, trouble.empty() ? ConditionLevel::fine : ConditionLevel::failing, trouble, remedy);
  }

  const Host host_;
  const Journal journal_;
  const std::filesystem::path folder_;
  const WorkSettings work_settings_;
  const BackupWatch::Settings watch_settings_;
  const VerificationSettings verification_settings_;
  BackupCommand backup_;
  RepairCommand repair_;
  RestoreCommand restore_;
  VerifyBackupCommand verify_;
  std::unique_ptr<StateStore> state_;
  std::unique_ptr<JobQueue> queue_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<AuditTrail> trail_;
  std::unique_ptr<DimseClient> dimse_;
  local_socket::JobProblems problems_;
  std::optional<BackupWork> work_;
  std::optional<BackupWatch> watch_;
  std::optional<BackupRunner> runner_;
  std::optional<BackupRoutes> routes_;
  std::unique_ptr<Integrity> integrity_;
  std::optional<Verification> verification_;
  std::optional<VerificationRoutes> verification_routes_;
  std::optional<local_socket::JobDesk> desk_;
  Periodic looking_;
};

}  // namespace
}  // namespace fermata::backup

FERMATA_PLUGIN(fermata::backup::BackupPlugin);
