#include "stand_ins.hpp"

#include "fermata/testing/memory_blob_store.hpp"
#include "fermata/testing/memory_index.hpp"
#include "fermata/testing/memory_state_store.hpp"

namespace fermata::plugin_check {

struct StandIns::Services {
  testing::MemoryBlobStore blobs{uint64_t{8} << 30};
  testing::MemoryIndex index;
  testing::MemoryStateStore state;
  testing::RegisteredServices dimse;
  testing::RegisteredRoutes routes;
  // What the other side's `self` points at where registrations outlive the call.
  bridge::Bridge<DimseServices>::Published published_dimse{dimse};
  bridge::Bridge<HttpRouter>::Published published_routes{routes};
};

StandIns::StandIns() : services_(std::make_unique<Services>()) {}
StandIns::~StandIns() = default;

std::optional<fermata_service> StandIns::service(const std::string& id) {
  auto& s = *services_;
  const auto table = []<class I>(I& service) { return fermata_service{I::kId, bridge::Bridge<I>::table(), &service}; };
  if (id == BlobStore::kId) return table(static_cast<BlobStore&>(s.blobs));
  if (id == Index::kId) return table(static_cast<Index&>(s.index));
  if (id == StateStore::kId) return table(static_cast<StateStore&>(s.state));
  if (id == DimseServices::kId)
    return fermata_service{DimseServices::kId, bridge::Bridge<DimseServices>::table(), &s.published_dimse};
  if (id == HttpRouter::kId)
    return fermata_service{HttpRouter::kId, bridge::Bridge<HttpRouter>::table(), &s.published_routes};
  return {};
}

bool StandIns::holds_content(const std::string& id) {
  return id == BlobStore::kId || id == Index::kId || id == StateStore::kId;
}

testing::RegisteredServices& StandIns::dimse_services() { return services_->dimse; }
testing::RegisteredRoutes& StandIns::routes() { return services_->routes; }
void StandIns::plugin_stopped() {
  services_->dimse.clear();
  services_->routes.clear();
}

}  // namespace fermata::plugin_check
