#include <chrono>
#include <memory>
#include <optional>

#include "archive_service.hpp"
#include "data-set/data_dictionary.hpp"
#include "fermata/command.hpp"
#include "fermata/periodic.hpp"
#include "fermata/plugin.hpp"
#include "fermata_plugin_schema.hpp"
#include "integrity/verify.hpp"
#include "local-socket/job_desk.hpp"
#include "recovery/online_reindex.hpp"
#include "recovery/reindex.hpp"

namespace fermata::archive {
namespace {

DuplicatePolicy duplicate_policy(std::string_view name) {
  if (name == "replace") return DuplicatePolicy::replace;
  if (name == "reject") return DuplicatePolicy::reject;
  return DuplicatePolicy::keep_first;
}

Settings settings_from(const Config& config) {
  Settings settings;
  settings.duplicates = duplicate_policy(config["duplicates"].string());
  settings.limits.header = config["maximum_header"].size();
  settings.headers = config["maximum_headers"].size();
  settings.limits.elements = static_cast<uint64_t>(config["maximum_elements"].integer());
  settings.limits.nesting = static_cast<std::size_t>(config["maximum_nesting"].integer());
  settings.slow_hook = config["slow_hook"].duration();
  return settings;
}

/// Where verbs reach the archive that runs; empty: nowhere.
std::filesystem::path socket_in(std::string_view folder) {
  return folder.empty() ? std::filesystem::path() : std::filesystem::path(folder) / "control";
}

constexpr std::chrono::seconds kMeasuringInterval{15};

class ArchivePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Archive, Trash, Integrity, Command>;
  using Needs = fermata::Needs<One<BlobStore>, One<Index>, One<StateStore>, Many<IngestHook>, Optional<IndexRenewal>,
                               Optional<JobQueue>>;

  ArchivePlugin(Host host, Config config)
      : host_(std::move(host)),
        settings_(settings_from(config)),
        socket_(socket_in(config["folder"].string())),
        reindex_(socket_) {
    host_.publish<Command>(reindex_);
  }

  void start() override {
    if (!DataDictionary::loaded())
      throw Error(Code::unavailable,
                  "DCMTK finds no data dictionary: install libdcmtk17, or set DCMDICTPATH to its dicom.dic");
    blobs_ = host_.one<BlobStore>();
    index_ = host_.one<Index>();
    state_ = host_.one<StateStore>();
    service_.emplace(*blobs_, *index_, *state_, named_hooks(), settings_, Journal(host_));
    reindex_.work_with(*blobs_, *index_, *state_, settings_, Journal(host_));
    verify_.emplace(service_->ingest(), *state_);
    host_.publish<Archive>(*service_);
    host_.publish<Trash>(service_->trash());
    host_.publish<Integrity>(service_->integrity());
    host_.publish<Command>(*verify_);
    renewal_ = host_.one<IndexRenewal>();
    queue_ = host_.one<JobQueue>();
    if (renewal_ && queue_) {
      online_reindex_.emplace(service_->ingest(), *state_, *renewal_, *queue_, [this] { service_->serve(); });
      queue_->add_runner(OnlineReindex::kKind, *online_reindex_);
    }
  }
  void serve() override {
    service_->serve();
    if (online_reindex_) serve_reindex();
    service_->trash().start();
    measuring_.start(kMeasuringInterval, Journal(host_), [this] { measure(); });
  }
  void drain(std::chrono::milliseconds deadline) override {
    measuring_.stop();
    if (desk_) desk_->stop();
    service_->trash().stop();
    service_->drain(deadline);
  }
  void stop() noexcept override {
    measuring_.stop();
    desk_.reset();
    online_reindex_.reset();
    service_.reset();
  }

 private:
  void serve_reindex() {
    online_reindex_->tidy();
    if (socket_.empty()) return;
    desk_.emplace(
        socket_, *queue_, [this](const boost::json::value&) { return online_reindex_->ask_for(); }, Journal(host_),
        &online_reindex_->problems());
    desk_->start();
  }
  void measure() {
    const auto held = service_->statistics();
    host_.gauge("archive_studies", static_cast<double>(held.studies));
    host_.gauge("archive_series", static_cast<double>(held.series));
    host_.gauge("archive_instances", static_cast<double>(held.instances));
    host_.gauge("archive_bytes", static_cast<double>(held.bytes));
    try {
      const auto room = service_->capacity();
      host_.gauge("storage_total_bytes", static_cast<double>(room.total));
      host_.gauge("storage_available_bytes", static_cast<double>(room.available));
    } catch (const Error& error) {
      if (error.code() != Code::unsupported) throw;  // not every blob store knows
    }
  }

  std::vector<NamedHook> named_hooks() const {
    std::vector<NamedHook> hooks;
    for (auto& found : host_.all_named<IngestHook>())
      hooks.push_back({std::move(found.plugin), std::move(found.service)});
    return hooks;
  }

  const Host host_;
  const Settings settings_;
  const std::filesystem::path socket_;
  ReindexCommand reindex_;
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<StateStore> state_;
  std::optional<ArchiveService> service_;
  std::optional<VerifyCommand> verify_;
  std::unique_ptr<IndexRenewal> renewal_;
  std::unique_ptr<JobQueue> queue_;
  std::optional<OnlineReindex> online_reindex_;
  std::optional<local_socket::JobDesk> desk_;
  Periodic measuring_;
};

}  // namespace
}  // namespace fermata::archive

FERMATA_PLUGIN(fermata::archive::ArchivePlugin);
