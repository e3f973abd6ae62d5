#include "fermata/plugin.hpp"

#include <chrono>
#include <memory>
#include <optional>

#include "avahi_connection.hpp"
#include "fermata/timestamp.hpp"
#include "fermata_plugin_schema.hpp"
#include "node_list_page.hpp"
#include "settings.hpp"
#include "station_list.hpp"

namespace fermata::discovery {
namespace {

constexpr const char* kNodeListOperation =
    R"({"summary":"The archive as a node, for viewers of the OsiriX family","responses":{"200":{"description":)"
    R"("A property list: an array of nodes","content":{"application/xml":{"schema":{"type":"string"}}}}}})";

class DiscoveryPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<StationDirectory>;
  using Needs = fermata::Needs<Optional<HttpRouter>, Optional<ApplicationEntities>>;

  DiscoveryPlugin(const Host& host, Config config)
      : host_(host),
        settings_(read_settings(config)),
        stations_(now_us),
        avahi_(stations_, settings_.service, {settings_.publish, settings_.browse}, Journal(host)) {}

  void start() override {
    nodes_ = host_.one<ApplicationEntities>();
    router_ = host_.one<HttpRouter>();
    page_.emplace(settings_.service, settings_.wado_uri, settings_.node_list_includes_nodes ? nodes_.get() : nullptr);
    if (router_)
      router_->add({"GET", "/DICOMNodes.plist", settings_.public_node_list ? "" : "nodes.read", kNodeListOperation},
                   *page_);
    host_.publish<StationDirectory>(stations_);
  }

  void serve() override { avahi_.start(); }
  void drain(std::chrono::milliseconds) override { avahi_.withdraw(); }
  void stop() noexcept override { avahi_.stop(); }

 private:
  const Host host_;
  const Settings settings_;
  StationList stations_;
  AvahiConnection avahi_;
  std::unique_ptr<ApplicationEntities> nodes_;
  std::unique_ptr<HttpRouter> router_;
  std::optional<NodeListPage> page_;
};

}  // namespace
}  // namespace fermata::discovery

FERMATA_PLUGIN(fermata::discovery::DiscoveryPlugin);
