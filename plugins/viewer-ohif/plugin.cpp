#include "fermata/plugin.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "fermata/http_router.hpp"
#include "fermata/web_application.hpp"
#include "fermata_plugin_schema.hpp"
#include "installation.hpp"
#include "settings.hpp"
#include "viewer.hpp"

namespace fermata::viewer {
namespace {

class ViewerPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<HttpRouter>, Optional<WebApplication>>;

  ViewerPlugin(Host host, Config config) : host_(std::move(host)), settings_(read_settings(config)) {}

  void start() override {
    viewer_.emplace(settings_, open_installation(settings_.files));
    router_ = host_.one<HttpRouter>();
    router_->add({"GET", settings_.path, "studies.read"}, *viewer_);
    router_->add({"GET", settings_.path + "/{path...}", "studies.read"}, *viewer_);
    offer_to_web_application();
    host_.info("the viewer is ready", {{"path", settings_.path}, {"files", std::to_string(viewer_->files().count())}});
  }

 private:
  void offer_to_web_application() {
    const auto application = host_.one<WebApplication>();
    if (application == nullptr) return;
    WebExtension action;
    action.kind = WebExtension::Kind::study_action;
    action.id = "viewer-ohif";
    action.label_en = "Open in viewer";
    action.label_de = "Im Viewer öffnen";
    const auto url = settings_.path + "?StudyInstanceUIDs={study}";
    action.url = url;
    action.permission = "studies.read";
    action.new_tab = true;
    application->add(action);
  }

  const Host host_;
  const Settings settings_;
  std::optional<Viewer> viewer_;
  std::unique_ptr<HttpRouter> router_;
};

}  // namespace
}  // namespace fermata::viewer

FERMATA_PLUGIN(fermata::viewer::ViewerPlugin);
