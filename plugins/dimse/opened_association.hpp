#pragma once
#include <memory>
#include <string>

#include "client.hpp"
#include "fermata/dimse_association.hpp"

namespace fermata::dimse {

/// An association that we have opened, as another plugin uses it.
///
/// *Used by* NodeClient. **Thread**, **Errors**: see DimseAssociation. What the peer asks meanwhile is answered with
/// 0x0211 (unrecognized operation). **Ownership**: owns the association, and releases it.
class OpenedAssociation final : public DimseAssociation {
 public:
  OpenedAssociation(std::unique_ptr<Association> association, const Destination& peer);
  ~OpenedAssociation() override { association_->release(); }
  OpenedAssociation(const OpenedAssociation&) = delete;
  OpenedAssociation& operator=(const OpenedAssociation&) = delete;

  void request(const DimseRequest& request, std::chrono::milliseconds timeout, DimseResponseSink& sink) override;
  void abort() override { association_->abort_soon(); }

 private:
  Message next_response(uint16_t message_id, std::chrono::milliseconds timeout);
  void cancel(uint8_t context_id, uint16_t message_id);

  std::unique_ptr<Association> association_;
  std::string where_;
  uint16_t message_id_ = 0;
};

}  // namespace fermata::dimse
