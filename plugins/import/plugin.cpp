#include "fermata/plugin.hpp"

#include <iostream>
#include <memory>
#include <optional>

#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/http_router.hpp"
#include "fermata/job_queue.hpp"
#include "fermata/study_notes.hpp"
#include "fermata_plugin_schema.hpp"
#include "import_command.hpp"
#include "import_routes.hpp"
#include "import_runner.hpp"
#include "local-socket/job_desk.hpp"
#include "own_folder.hpp"

namespace fermata::imports {
namespace {

class ImportPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Command>;
  using Needs = fermata::Needs<One<Archive>, Optional<JobQueue>, Optional<HttpRouter>, Optional<StudyNotes>,
                               Optional<AuditTrail>, Optional<DimseClient>>;

  ImportPlugin(const Host& host, Config config)
      : host_(host),
        folder_(config["folder"].string()),
        parallel_(static_cast<std::size_t>(config["parallel"].integer())),
        rate_(static_cast<uint64_t>(config["maximum_rate"].integer())),
        own_ae_title_(config["ae_title"].string()),
        command_(
            folder_, [this] { return around_ ? &*around_ : nullptr; }, std::cout) {
    for (uint64_t i = 0; i < config["folders"].count(); ++i)
      if (const auto folder = config["folders"].item(i).string(); !folder.empty()) folders_.emplace_back(folder);
    host_.publish<Command>(command_);
  }

  void start() override {
    archive_ = host_.one<Archive>();
    queue_ = host_.one<JobQueue>();
    router_ = host_.one<HttpRouter>();
    notes_ = host_.one<StudyNotes>();
    trail_ = host_.one<AuditTrail>();
    dimse_ = host_.one<DimseClient>();
    make_own_folder(folder_);
    around_.emplace(
        Surroundings{*archive_, folder_, parallel_, notes_.get(), trail_.get(), dimse_.get(), own_ae_title_});
    if (!queue_) return;
    runner_.emplace(*around_);
    queue_->add_runner(ImportRunner::kKind, *runner_);
    desk_.emplace(
        folder_ / kSocket, *queue_,
        [this](const auto& body) {
          const auto request = ImportRequest::from_json(body);
          return add(checked(request, std::nullopt), request.rate);
        },
        Journal(host_));
    if (!router_) return;
    routes_.emplace(*queue_, folder_, folders_, [this](auto plan, auto rate) { return add(std::move(plan), rate); });
    routes_->add_to(*router_);
  }

  void serve() override {
    if (desk_) desk_->start();
  }
  void drain(std::chrono::milliseconds) override { stop(); }
  void stop() noexcept override {
    if (desk_) desk_->stop();
  }

 private:
  uint64_t add(ImportPlan plan, std::optional<uint64_t> rate) {
    plan.rate = rate.value_or(rate_);
    const auto title = plan.title();
    const auto text = plan.to_json();
    return queue_->add({ImportRunner::kKind, title, std::as_bytes(std::span(text)), plan.user});
  }

  const Host host_;
  const std::filesystem::path folder_;
  const std::size_t parallel_;
  const uint64_t rate_;
  const std::string own_ae_title_;
  std::vector<std::string> folders_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<JobQueue> queue_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<StudyNotes> notes_;
  std::unique_ptr<AuditTrail> trail_;
  std::unique_ptr<DimseClient> dimse_;
  std::optional<Surroundings> around_;
  std::optional<ImportRunner> runner_;
  std::optional<local_socket::JobDesk> desk_;
  std::optional<ImportRoutes> routes_;
  ImportCommand command_;
};

}  // namespace
}  // namespace fermata::imports

FERMATA_PLUGIN(fermata::imports::ImportPlugin);
