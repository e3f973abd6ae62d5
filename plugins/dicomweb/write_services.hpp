#pragma once
#include "audit_notes.hpp"
#include "delete.hpp"
#include "routes.hpp"
#include "settings.hpp"
#include "store/store.hpp"

namespace fermata::dicomweb {

/// All that changes the archive: what answers which path. Nobody deletes a study that they don't see.
///
/// **Thread**: any, once made. **Ownership**: all it is given outlives it; the trail may be null.
class WriteServices {
 public:
  WriteServices(Archive& archive, const AttributeDictionary& dictionary, const Settings& settings,
                const Journal& journal, AuditTrail* trail = nullptr);
  /// Below the root of the services for studies.
  void add_to(Routes& routes);

 private:
  Archive& archive_;
  const AuditNotes notes_;
  Store store_;
};

}  // namespace fermata::dicomweb
