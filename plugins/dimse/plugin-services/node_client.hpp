#pragma once
#include <memory>
#include <span>

#include "client.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/transcoder.hpp"
#include "service.hpp"

namespace fermata::dimse {

/// Opens associations for other plugins, to nodes that the application entities know.
///
/// *Used by* plugins, through the host. **Thread**, **Errors**: see DimseClient. **Ownership**: borrows all.
class NodeClient final : public DimseClient {
 public:
  /// `transcoder` and `storage`, which takes in what comes with C-GET, may be null.
  NodeClient(Client& client, ApplicationEntities& application_entities, Archive& archive, Transcoder* transcoder,
             Service* storage = nullptr)
      : client_(client),
        application_entities_(application_entities),
        archive_(archive),
        transcoder_(transcoder),
        storage_(storage) {}
  std::unique_ptr<DimseAssociation> open(const DimseDestination& destination,
                                         std::span<const DimseContext> contexts) override;

 private:
  Client& client_;
  ApplicationEntities& application_entities_;
  Archive& archive_;
  Transcoder* transcoder_;
  Service* storage_;
};

}  // namespace fermata::dimse
