#pragma once
#include "api/routes.hpp"
#include "audit_notes.hpp"
#include "studies/label_store.hpp"
#include "studies/note_store.hpp"
#include "studies/study_finder.hpp"
#include "studies/study_list.hpp"

namespace fermata::admin {

/// Studies and their labels: /api/studies, /api/labels.
///
/// **Thread**: any. **Ownership**: borrows all it is given. **Errors**: as HttpHandler says.
class StudyRoutes {
 public:
  StudyRoutes(Archive& archive, LabelStore& labels, const NoteStore& notes, const DescriptionStore& descriptions,
              const AuditNotes& audit)
      : archive_(archive),
        finder_(archive),
        list_(labels, descriptions),
        labels_(labels),
        notes_(notes),
        audit_(audit) {}
  void add_to(api::Routes& routes);

 private:
  void list(HttpRequest& request, HttpResponse& response) const;
  void study(HttpRequest& request, HttpResponse& response) const;
  void set_labels(HttpRequest& request, HttpResponse& response);
  void labels(HttpRequest& request, HttpResponse& response) const;

  Archive& archive_;
  const StudyFinder finder_;
  const StudyList list_;
  LabelStore& labels_;
  const NoteStore& notes_;
  const AuditNotes audit_;
};

}  // namespace fermata::admin
