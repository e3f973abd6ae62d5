#include <chrono>
#include <memory>
#include <optional>

#include "archive_service.hpp"
#include "data_dictionary.hpp"
#include "fermata/command.hpp"
#include "fermata/periodic.hpp"
#include "fermata/plugin.hpp"
#include "fermata_plugin_schema.hpp"
#include "reindex.hpp"
#include "verify.hpp"

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
  settings.limits.elements = static_cast<uint64_t>(config["maximum_elements"].integer());
  settings.limits.nesting = static_cast<std::size_t>(config["maximum_nesting"].integer());
  settings.slow_hook = config["slow_hook"].duration();
  return settings;
}

constexpr std::chrono::seconds kMeasuringInterval{15};

class ArchivePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Archive, Trash, Integrity, Command>;
  using Needs = fermata::Needs<One<BlobStore>, One<Index>, One<StateStore>, Many<IngestHook>>;

  ArchivePlugin(Host host, Config config) : host_(std::move(host)), settings_(settings_from(config)) {}

  void start() override {
    if (!DataDictionary::loaded())
      throw Error(Code::unavailable,
                  "DCMTK finds no data dictionary: install libdcmtk17, or set DCMDICTPATH to its dicom.dic");
    blobs_ = host_.one<BlobStore>();
    index_ = host_.one<Index>();
    state_ = host_.one<StateStore>();
    service_.emplace(*blobs_, *index_, *state_, named_hooks(), settings_, Journal(host_));
    reindex_.emplace(*blobs_, *index_, *state_, settings_, Journal(host_));
    verify_.emplace(*blobs_, *index_, *state_, settings_.limits);
    host_.publish<Archive>(*service_);
    host_.publish<Trash>(service_->trash());
    host_.publish<Integrity>(service_->integrity());
    host_.publish<Command>(*reindex_);
    host_.publish<Command>(*verify_);
  }
  void serve() override {
    service_->serve();
    service_->trash().start();
    measuring_.start(kMeasuringInterval, Journal(host_), [this] { measure(); });
  }
  void drain(std::chrono::milliseconds deadline) override {
    measuring_.stop();
    service_->trash().stop();
    service_->drain(deadline);
  }
  void stop() noexcept override {
    measuring_.stop();
    service_.reset();
  }

 private:
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
  std::unique_ptr<BlobStore> blobs_;
  std::unique_ptr<Index> index_;
  std::unique_ptr<StateStore> state_;
  std::optional<ArchiveService> service_;
  std::optional<ReindexCommand> reindex_;
  std::optional<VerifyCommand> verify_;
  Periodic measuring_;
};

}  // namespace
}  // namespace fermata::archive

FERMATA_PLUGIN(fermata::archive::ArchivePlugin);
