#include "fermata/plugin.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "administration.hpp"
#include "fermata_plugin_schema.hpp"

namespace fermata::admin {
namespace {

Options read_options(const Config& config) {
  Options options;
  options.own = {std::string(config["ae_title"].string()), static_cast<uint16_t>(config["dimse_port"].integer())};
  options.web = config["web"].string();
  if (options.web.empty()) options.web = built_in_folder();
  options.trash_keep = config["trash_keep"].duration();
  return options;
}

class AdminPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<WebApplication, StudyNotes>;
  using Needs = fermata::Needs<One<HttpRouter>, One<Archive>, One<StateStore>, One<ApplicationEntities>,
                               One<HostStatus>, Optional<DimseClient>, Optional<Trash>, Optional<JobQueue>,
                               Optional<StationDirectory>, Optional<AuditTrail>, Optional<IndexRenewal>>;

  AdminPlugin(const Host& host, Config config) : host_(host), options_(read_options(config)) {}

  void start() override {
    services_.router = host_.one<HttpRouter>();
    services_.archive = host_.one<Archive>();
    services_.state = host_.one<StateStore>();
    services_.entities = host_.one<ApplicationEntities>();
    services_.host = host_.one<HostStatus>();
    services_.dimse = host_.one<DimseClient>();
    services_.trash = host_.one<Trash>();
    services_.jobs = host_.one<JobQueue>();
    services_.stations = host_.one<StationDirectory>();
    services_.audit = host_.one<AuditTrail>();
    services_.renewal = host_.one<IndexRenewal>();
    administration_.emplace(services_, options_, Journal(host_));
    host_.publish<WebApplication>(administration_->extensions());
    host_.publish<StudyNotes>(administration_->notes());
  }
  void serve() override { administration_->serve(); }
  void drain(std::chrono::milliseconds) override { administration_->stop(); }
  void stop() noexcept override {
    if (administration_) administration_->stop();
  }

 private:
  const Host host_;
  const Options options_;
  Services services_;
  std::optional<Administration> administration_;
};

}  // namespace
}  // namespace fermata::admin

FERMATA_PLUGIN(fermata::admin::AdminPlugin);
