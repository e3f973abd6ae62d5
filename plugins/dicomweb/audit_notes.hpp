#pragma once
#include <deque>
#include <string>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/http_router.hpp"
#include "fermata/index.hpp"
#include "store/store_result.hpp"

namespace fermata::dicomweb {

/// Takes down in the audit trail what requests have done; nothing where there is no trail.
///
/// **Thread**: any. **Ownership**: the trail outlives it; it may be null.
class AuditNotes {
 public:
  explicit AuditNotes(AuditTrail* trail) : trail_(trail) {}

  /// `answer` gives the study, or a part of it, to the sender; also a part of an answer is noted.
  template <class Answer>
  void reading(HttpRequest& request, const std::string& study_instance_uid, const Answer& answer) const {
    try {
      answer();
    } catch (const Error& error) {
      if (error.code() == Code::cancelled) read(request, study_instance_uid);
      throw;
    }
    read(request, study_instance_uid);
  }
  /// The names of the keys, not their values: these name patients.
  void searched(HttpRequest& request, Level level) const;
  void stored(HttpRequest& request, const std::deque<StoreResult>& results) const;
  /// `answer` removes the resource that the path names.
  template <class Answer>
  void deleting(HttpRequest& request, Archive& archive, const Answer& answer) const {
    const auto patient = trail_ == nullptr ? std::string() : patient_of(archive, request.parameter("study"));
    answer();
    deleted(request, patient);
  }

 private:
  static std::string patient_of(Archive& archive, std::string_view study_instance_uid);
  void read(HttpRequest& request, const std::string& study_instance_uid) const;
  void deleted(HttpRequest& request, const std::string& patient_id) const;

  AuditTrail* const trail_;
};

}  // namespace fermata::dicomweb
