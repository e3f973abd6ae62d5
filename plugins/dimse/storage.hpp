#pragma once
#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/journal.hpp"
#include "service.hpp"

namespace fermata::dimse {

/// Answers C-STORE (PS3.4 Annex B): hands the bytes of the data set to the archive as they come.
///
/// *Used by* the dispatcher. **Thread**: any number at once. The archive's outcome becomes a status of PS3.4 B.2.3:
/// whatever left the object in the archive is success; an object that the archive refuses does not end the association.
class Storage : public Service {
 public:
  /// `trail` may be null.
  Storage(Archive& archive, const Journal& journal, AuditTrail* trail = nullptr)
      : archive_(archive), journal_(journal), trail_(trail) {}
  void handle(Session& session, const Message& message) override;

 private:
  void try_to_store(Session& session, const Message& message, const PresentationContext& context);
  void store(Session& session, const Message& message, const PresentationContext& context);
  void refuse(Session& session, const Message& message, uint16_t status, std::string_view reason);

  Archive& archive_;
  const Journal& journal_;
  AuditTrail* const trail_;
};

}  // namespace fermata::dimse
