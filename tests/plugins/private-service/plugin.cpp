#include "fermata/plugin.hpp"

#include <memory>
#include <optional>

#include "fermata/archive.hpp"
#include "fermata/dimse_services.hpp"
#include "fermata_plugin_schema.hpp"
#include "statistics_service.hpp"

namespace private_service {
namespace {

using namespace fermata;

class PrivateServicePlugin final : public Plugin {
 public:
  using Provides = fermata::Provides<>;
  using Needs = fermata::Needs<One<Archive>, One<DimseServices>>;

  PrivateServicePlugin(Host host, Config) : host_(host) {}

  void start() override {
    archive_ = host_.one<Archive>();
    service_.emplace([this] {
      const auto all = archive_->statistics();
      return StatisticsService::Numbers{static_cast<uint32_t>(all.studies), static_cast<uint32_t>(all.series),
                                        static_cast<uint32_t>(all.instances)};
    });
    const std::string_view sop_classes[] = {StatisticsService::kSopClass};
    host_.one<DimseServices>()->add(sop_classes, kMayQuery, *service_);
  }

 private:
  Host host_;
  std::unique_ptr<Archive> archive_;
  std::optional<StatisticsService> service_;
};

}  // namespace
}  // namespace private_service

FERMATA_PLUGIN(private_service::PrivateServicePlugin);
