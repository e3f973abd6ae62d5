#include "fermata/plugin.hpp"

#include "echo_handlers.hpp"
#include "fermata/http_router.hpp"
#include "fermata/web_application.hpp"
#include "fermata_plugin_schema.hpp"

namespace echo_http {
namespace {

using namespace fermata;

class EchoHttpPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<HttpRouter>, Optional<WebApplication>>;

  EchoHttpPlugin(Host host, Config) : host_(host) {}

  void start() override {
    router_ = host_.one<HttpRouter>();
    router_->add({"POST", "/echo", ""}, echo_);
    router_->add({"GET", "/mirror/{name...}", ""}, mirror_);
    router_->add({"GET", "/private/{name}", "studies.read"}, mirror_);
    router_->add({"POST", "/private/echo", "studies.store"}, echo_);
    router_->add({"GET", "/zeros/{bytes}", ""}, zeros_);
    router_->add({"PUT", "/zeros", ""}, zeros_);
    if (const auto application = host_.one<WebApplication>())
      application->add({WebExtension::Kind::page, "mirror", "Mirror", "Spiegel", "/mirror/page", "", false});
  }

 private:
  Host host_;
  std::unique_ptr<HttpRouter> router_;
  Echo echo_;
  Mirror mirror_;
  Zeros zeros_;
};

}  // namespace
}  // namespace echo_http

FERMATA_PLUGIN(echo_http::EchoHttpPlugin);
