#include "fermata/plugin.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "fermata/http_router.hpp"
#include "fermata_plugin_schema.hpp"
#include "installation.hpp"
#include "settings.hpp"
#include "viewer.hpp"

namespace fermata::viewer {
namespace {

class ViewerPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<HttpRouter>>;

  ViewerPlugin(Host host, Config config) : host_(std::move(host)), settings_(read_settings(config)) {}

  void start() override {
    viewer_.emplace(settings_, open_installation(settings_.files));
    router_ = host_.one<HttpRouter>();
    router_->add({"GET", settings_.path, "studies.read"}, *viewer_);
    router_->add({"GET", settings_.path + "/{path...}", "studies.read"}, *viewer_);
    host_.info("the viewer is ready", {{"path", settings_.path}, {"files", std::to_string(viewer_->files().count())}});
  }

 private:
  const Host host_;
  const Settings settings_;
  std::optional<Viewer> viewer_;
  std::unique_ptr<HttpRouter> router_;
};

}  // namespace
}  // namespace fermata::viewer

FERMATA_PLUGIN(fermata::viewer::ViewerPlugin);
