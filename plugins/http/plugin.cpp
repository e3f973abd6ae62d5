#include "fermata/plugin.hpp"

#include <optional>

#include "fermata/journal.hpp"
#include "fermata_plugin_schema.hpp"
#include "router.hpp"
#include "server.hpp"
#include "settings.hpp"
#include "site.hpp"

namespace fermata::http {
namespace {

class HttpPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<HttpRouter>;
  using Needs = fermata::Needs<>;

  HttpPlugin(const Host& host, Config config)
      : host_(host), journal_(host), site_(read_settings(config), router_.table(), journal_), server_(site_) {}

  void start() override {
    host_.publish<HttpRouter>(router_);
    server_.listen();
  }

  void serve() override {
    router_.close();
    server_.serve();
    host_.info("listening for HTTP", {{"bind", site_.settings().bind}, {"port", std::to_string(server_.port())}});
  }

  void drain(std::chrono::milliseconds limit) override { server_.drain(limit); }
  void stop() noexcept override { server_.stop(); }

 private:
  const Host host_;
  const Journal journal_;
  Router router_;
  Site site_;
  Server server_;
};

}  // namespace
}  // namespace fermata::http

FERMATA_PLUGIN(fermata::http::HttpPlugin);
