#include "fermata/plugin.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "api_routes.hpp"
#include "audit_notes.hpp"
#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/http_router.hpp"
#include "fermata/state_store.hpp"
#include "fermata_plugin_schema.hpp"
#include "label_store.hpp"
#include "study_routes.hpp"

namespace fermata::admin {
namespace {

class AdminPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<HttpRouter>, One<Archive>, One<StateStore>, Optional<AuditTrail>>;

  AdminPlugin(Host host, Config) : host_(std::move(host)) {}

  void start() override {
    router_ = host_.one<HttpRouter>();
    archive_ = host_.one<Archive>();
    state_ = host_.one<StateStore>();
    audit_trail_ = host_.one<AuditTrail>();
    const AuditNotes audit(audit_trail_.get());
    routes_.emplace(*router_);
    labels_.emplace(*state_);
    studies_.emplace(*archive_, *labels_, audit);
    studies_->add_to(*routes_);
  }

 private:
  const Host host_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<Archive> archive_;
  std::unique_ptr<StateStore> state_;
  std::unique_ptr<AuditTrail> audit_trail_;
  std::optional<LabelStore> labels_;
  std::optional<StudyRoutes> studies_;
  std::optional<ApiRoutes> routes_;
};

}  // namespace
}  // namespace fermata::admin

FERMATA_PLUGIN(fermata::admin::AdminPlugin);
