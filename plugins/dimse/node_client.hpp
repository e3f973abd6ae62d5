#pragma once
#include <memory>
#include <span>

#include "client.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/dimse_client.hpp"

namespace fermata::dimse {

/// Opens associations for other plugins, to nodes that the application entities know.
///
/// *Used by* plugins, through the host. **Thread**, **Errors**: see DimseClient. **Ownership**: borrows both.
class NodeClient final : public DimseClient {
 public:
  NodeClient(Client& client, ApplicationEntities& application_entities)
      : client_(client), application_entities_(application_entities) {}
  std::unique_ptr<DimseAssociation> open(const DimseDestination& destination,
                                         std::span<const DimseContext> contexts) override;

 private:
  Client& client_;
  ApplicationEntities& application_entities_;
};

}  // namespace fermata::dimse
