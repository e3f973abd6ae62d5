#include "fermata/plugin.hpp"

#include <optional>
#include <string>

#include "fermata_plugin_schema.hpp"
#include "logged_index.hpp"

namespace your_plugin {
namespace {

using namespace fermata;

class IndexPlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<Index>;
  using Needs = fermata::Needs<>;

  IndexPlugin(Host host, Config config) : host_(std::move(host)), log_(config["log"].string()) {}

  void start() override {
    index_.emplace(log_);
    host_.info("index open", {{"log", log_}, {"instances", std::to_string(index_->statistics().instances)}});
    host_.publish<Index>(*index_);
  }
  void stop() noexcept override { index_.reset(); }

 private:
  const Host host_;
  const std::string log_;
  std::optional<LoggedIndex> index_;
};

}  // namespace
}  // namespace your_plugin

FERMATA_PLUGIN(your_plugin::IndexPlugin);
