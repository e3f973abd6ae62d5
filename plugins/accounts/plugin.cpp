#include "fermata/plugin.hpp"

#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "account_services.hpp"
#include "fermata/http_router.hpp"
#include "fermata/periodic.hpp"
#include "fermata/timestamp.hpp"
#include "fermata_plugin_schema.hpp"
#include "first_administrator.hpp"
#include "own_api.hpp"
#include "session_api.hpp"
#include "user_api.hpp"
#include "user_command.hpp"

namespace fermata::accounts {
namespace {

constexpr std::chrono::minutes kTidyInterval{1};

int64_t now() { return now_us() / 1'000'000; }

class AccountsPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Authenticator, Command>;
  using Needs = fermata::Needs<One<StateStore>, One<HttpRouter>, Optional<AuditTrail>, Optional<Archive>>;

  AccountsPlugin(const Host& host, Config config) : host_(host), journal_(host), settings_(read_settings(config)) {}

  void start() override {
    store_ = host_.one<StateStore>();
    router_ = host_.one<HttpRouter>();
    trail_ = host_.one<AuditTrail>();
    archive_ = host_.one<Archive>();
    services_.emplace(*store_, archive_.get(), trail_.get(), settings_, now);
    routes_.emplace(*router_);
    session_api_.emplace(*services_);
    session_api_->add_to(*routes_);
    own_api_.emplace(*services_);
    own_api_->add_to(*routes_);
    user_api_.emplace(*services_);
    user_api_->add_to(*routes_);
    command_.emplace(*services_);
    host_.publish<Authenticator>(services_->authenticator);
    host_.publish<Command>(*command_);
  }

  void serve() override {
    const auto first = provide_first_administrator(*services_);
    if (!first.made.empty()) host_.info("the first administrator was made", {{"name", first.made}});
    if (!first.link.empty()) {
      const auto text = "Set up the first administrator: " + first.link;
      host_.info(text);
      std::cerr << text + '\n' << std::flush;  // in one piece: the log may be written to the same terminal
    }
    tidying_.start(kTidyInterval, journal_, [this] { services_->tidy(); });
  }

  void drain(std::chrono::milliseconds) override { tidying_.stop(); }

  void stop() noexcept override {
    tidying_.stop();
    try {
      if (services_) services_->write_used();
    } catch (const std::exception& error) {
      host_.warning("when sessions were last used could not be written", {{"reason", error.what()}});
    }
  }

 private:
  const Host host_;
  const Journal journal_;
  const Settings settings_;
  std::unique_ptr<StateStore> store_;
  std::unique_ptr<HttpRouter> router_;
  std::unique_ptr<AuditTrail> trail_;
  std::unique_ptr<Archive> archive_;
  std::optional<AccountServices> services_;
  std::optional<ApiRoutes> routes_;
  std::optional<SessionApi> session_api_;
  std::optional<OwnApi> own_api_;
  std::optional<UserApi> user_api_;
  std::optional<UserCommand> command_;
  Periodic tidying_;
};

}  // namespace
}  // namespace fermata::accounts

FERMATA_PLUGIN(fermata::accounts::AccountsPlugin);
