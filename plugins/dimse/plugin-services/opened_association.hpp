#pragma once
#include <memory>
#include <string>
#include <vector>

#include "client.hpp"
#include "fermata/archive.hpp"
#include "fermata/dimse_association.hpp"
#include "fermata/transcoder.hpp"
#include "service.hpp"

namespace fermata::dimse {

/// What objects are taken from, and how they are best sent to a node.
struct ObjectSource {
  Archive* archive = nullptr;
  Transcoder* transcoder = nullptr;  ///< null: objects go out as they are stored, or not at all
  std::vector<std::string> preferred_transfer_syntaxes;
};

/// What takes in the objects that the peer sends on the same association (C-GET).
struct ObjectTarget {
  Service* storage = nullptr;              ///< null: nothing does
  std::vector<std::string> sop_classes{};  ///< of which we have proposed to be the SCP
};

/// An association that we have opened, as another plugin uses it.
///
/// *Used by* NodeClient. **Thread**, **Errors**: see DimseAssociation. **Ownership**: owns the association, and
/// releases it.
class OpenedAssociation final : public DimseAssociation {
 public:
  OpenedAssociation(std::unique_ptr<Association> association, const Destination& peer, ObjectSource objects,
                    ObjectTarget target);
  ~OpenedAssociation() override { association_->release(); }
  OpenedAssociation(const OpenedAssociation&) = delete;
  OpenedAssociation& operator=(const OpenedAssociation&) = delete;

  void request(const DimseRequest& request, std::chrono::milliseconds timeout, DimseResponseSink& sink) override;
  void abort() override { association_->abort_soon(); }
  void store(const InstanceRecord& record, std::chrono::milliseconds timeout, DimseResponseSink& sink) override;

 private:
  Message next_response(uint16_t message_id, std::chrono::milliseconds timeout);
  bool takes(const Message& message) const;
  void take(const Message& message);
  void cancel(uint8_t context_id, uint16_t message_id);

  std::unique_ptr<Association> association_;
  std::string where_;
  ObjectSource objects_;
  const ObjectTarget target_;
  const Destination peer_;
  Session session_;
  uint16_t message_id_ = 0;
};

}  // namespace fermata::dimse
