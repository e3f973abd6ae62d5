#include "fermata/plugin.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "attribute_dictionary.hpp"
#include "capabilities.hpp"
#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/frame_renderer.hpp"
#include "fermata/http_router.hpp"
#include "fermata/journal.hpp"
#include "fermata/transcoder.hpp"
#include "fermata_plugin_schema.hpp"
#include "read_services.hpp"
#include "removed_resources.hpp"
#include "routes.hpp"
#include "settings.hpp"
#include "write_services.hpp"

namespace fermata::dicomweb {
namespace {

class DicomWebPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<HttpRouter>, One<Archive>, Optional<Transcoder>, Optional<FrameRenderer>,
                               Optional<AuditTrail>>;

  DicomWebPlugin(Host host, Config config)
      : host_(std::move(host)), settings_(read_settings(config)), journal_(host_) {}

  void start() override {
    router_ = host_.one<HttpRouter>();
    archive_ = host_.one<Archive>();
    transcoder_ = host_.one<Transcoder>();
    renderer_ = host_.one<FrameRenderer>();
    trail_ = host_.one<AuditTrail>();
    dictionary_.emplace();
    read_services_.emplace(*archive_, transcoder_.get(), renderer_.get(), *dictionary_, settings_, journal_,
                           trail_.get());
    removed_.emplace(*archive_);
    routes_.emplace(*router_, settings_.root, &*removed_);
    read_services_->add_to(*routes_);
    write_services_.emplace(*archive_, *dictionary_, settings_, journal_, trail_.get());
    write_services_->add_to(*routes_);
    capabilities_.emplace(*routes_);
    capabilities_->add_to(*routes_);
    if (!settings_.wado_uri.empty()) {
      wado_uri_routes_.emplace(*router_, settings_.wado_uri);
      read_services_->add_wado_uri_to(*wado_uri_routes_);
    }
  }

 private:
  const Host host_;
  const Settings settings_;
  const Journal journal_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<Transcoder> transcoder_;
  std::unique_ptr<FrameRenderer> renderer_;
  std::unique_ptr<AuditTrail> trail_;
  std::optional<AttributeDictionary> dictionary_;
  std::optional<ReadServices> read_services_;
  std::optional<WriteServices> write_services_;
  std::optional<RemovedResources> removed_;
  std::optional<Routes> routes_;
  std::optional<Capabilities> capabilities_;
  std::optional<Routes> wado_uri_routes_;
};

}  // namespace
}  // namespace fermata::dicomweb

FERMATA_PLUGIN(fermata::dicomweb::DicomWebPlugin);
