#pragma once
#include <chrono>

#include "api/routes.hpp"
#include "audit_notes.hpp"
#include "fermata/trash.hpp"
#include "studies/label_store.hpp"
#include "studies/study_finder.hpp"

namespace fermata::admin {

/// Deleting studies, and taking that back: DELETE /api/studies/{study}, /api/trash.
///
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: as HttpHandler says; unsupported without trash.
class TrashRoutes {
 public:
  /// A study that is deleted goes for good after `keep`. `trash` may be null.
  TrashRoutes(Archive& archive, Trash* trash, LabelStore& labels, std::chrono::milliseconds keep,
              const AuditNotes& audit)
      : finder_(archive), trash_(trash), labels_(labels), keep_(keep), audit_(audit) {}
  void add_to(api::Routes& routes);

 private:
  void discard(HttpRequest& request, HttpResponse& response) const;
  void list(HttpRequest& request, HttpResponse& response) const;
  void restore(HttpRequest& request, HttpResponse& response) const;
  void purge(HttpRequest& request, HttpResponse& response) const;
  Trash& trash() const;

  const StudyFinder finder_;
  Trash* const trash_;
  LabelStore& labels_;
  const std::chrono::milliseconds keep_;
  const AuditNotes audit_;
};

}  // namespace fermata::admin
