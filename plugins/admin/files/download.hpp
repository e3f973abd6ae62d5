#pragma once
#include "api/routes.hpp"
#include "audit_notes.hpp"
#include "fermata/archive.hpp"
#include "studies/study_finder.hpp"

namespace fermata::admin {

/// A study as a ZIP that a CD or a memory stick can be made of: GET /api/studies/{study}/download.
///
/// Files as they are stored, under names that every system can read (ISO 9660 level 1, PS3.12 F), and a DICOMDIR at the
/// end. It holds the records of the DICOMDIR in memory, some hundred bytes for each instance.
/// **Thread**: any. **Ownership**: borrows the archive. **Errors**: as HttpHandler says.
class Download {
 public:
  Download(Archive& archive, const AuditNotes& audit) : archive_(archive), finder_(archive), audit_(audit) {}
  void add_to(api::Routes& routes);

 private:
  void answer(HttpRequest& request, HttpResponse& response) const;

  Archive& archive_;
  const StudyFinder finder_;
  const AuditNotes audit_;
};

}  // namespace fermata::admin
