#pragma once
#include <memory>
#include <string>
#include <vector>

#include "fermata/dimse_association.hpp"
#include "plugin-services/request_queue.hpp"

namespace fermata::dimse {

/// The association that a peer has opened, as another plugin may keep it: for requests of ours, beyond the handling of
/// the peer's.
///
/// *Used by* RegisteredService. **Thread**, **Errors**: see DimseAssociation. **Ownership**: shares the queue; the
/// association itself ends with its peer or the archive, whoever keeps this.
class PeerAssociation final : public DimseAssociation {
 public:
  explicit PeerAssociation(Association& association);
  void request(const DimseRequest& request, std::chrono::milliseconds timeout, DimseResponseSink& sink) override;
  void abort() override { queue_->close("given up"); }
  /// Error unsupported: who connects to us is sent nothing that it has not asked for.
  void store(const InstanceRecord& record, std::chrono::milliseconds timeout, DimseResponseSink& sink) override;

 private:
  std::shared_ptr<RequestQueue> queue_;
  std::vector<PresentationContext> contexts_;
  std::string where_;
};

}  // namespace fermata::dimse
