#include "fermata/plugin.hpp"

#include <memory>
#include <optional>

#include "fermata/authenticator.hpp"
#include "fermata/host_status.hpp"
#include "fermata/journal.hpp"
#include "fermata/periodic.hpp"
#include "fermata_plugin_schema.hpp"
#include "health_pages.hpp"
#include "metrics_page.hpp"
#include "router.hpp"
#include "server.hpp"
#include "settings.hpp"
#include "site.hpp"
#include "tls/expiry.hpp"
#include "traffic.hpp"

namespace fermata::http {
namespace {

constexpr std::chrono::seconds kCertificateInterval{10};

class HttpPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<HttpRouter>;
  using Needs = fermata::Needs<One<HostStatus>, Late<Authenticator>>;

  HttpPlugin(const Host& host, Config config)
      : host_(host),
        journal_(host),
        site_(read_settings(config), router_.table(), traffic_, journal_),
        server_(site_) {}

  void start() override {
    status_ = host_.one<HostStatus>();
    ready_.emplace(*status_);
    metrics_.emplace(*status_, traffic_);
    router_.add({"GET", "/healthz", ""}, alive_);
    router_.add({"GET", "/readyz", ""}, *ready_);
    router_.add({"GET", "/metrics", "metrics.read"}, *metrics_);
    host_.publish<HttpRouter>(router_);
    server_.listen();
  }

  void serve() override {
    authenticator_ = host_.one<Authenticator>();
    site_.use(authenticator_.get());
    router_.close();
    server_.serve();
    if (server_.tls() != nullptr) {
      expiry_.emplace(*server_.tls(), "HTTPS", journal_);
      watching_.start(kCertificateInterval, journal_, [this] { expiry_->look(); });
    }
    const auto& settings = site_.settings();
    host_.info(
        "listening for HTTP",
        {{"bind", settings.bind}, {"port", std::to_string(server_.port())}, {"tls", settings.tls ? "yes" : "no"}});
  }

  void drain(std::chrono::milliseconds limit) override { server_.drain(limit); }
  void stop() noexcept override {
    watching_.stop();
    server_.stop();
  }

 private:
  const Host host_;
  const Journal journal_;
  Router router_;
  Traffic traffic_;
  std::unique_ptr<HostStatus> status_;
  AlivePage alive_;
  std::optional<ReadyPage> ready_;
  std::optional<MetricsPage> metrics_;
  std::unique_ptr<Authenticator> authenticator_;
  Site site_;
  Server server_;
  std::optional<tls::Expiry> expiry_;
  Periodic watching_;
};

}  // namespace
}  // namespace fermata::http

FERMATA_PLUGIN(fermata::http::HttpPlugin);
