#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fermata/application_entities.hpp"
#include "fermata/audit_trail.hpp"
#include "query-retrieve/query_retrieve_request.hpp"
#include "query-retrieve/sub_operations.hpp"

namespace fermata::dimse {

/// Who does it, for the audit trail: the user who was identified, otherwise the calling AE title.
std::string_view actor(const Caller& caller);
/// "at CT1: " in front of what a user does; otherwise nothing.
std::string where(const Caller& caller);

/// Takes down a C-FIND in the audit trail: its level, and the names of the keys that it matched. Their values name
/// patients, and stay out of it.
void note_query(AuditTrail& trail, const Caller& caller, const QueryRetrieveRequest& request);

/// Which studies a retrieval sends, for the audit trail: it is told at the end, however that comes.
///
/// **Thread**: one at a time. **Ownership**: trail and caller outlive it.
class SentStudies {
 public:
  /// `trail` may be null. `destination`: an AE title; empty for the caller itself.
  SentStudies(AuditTrail* trail, const Caller& caller, std::string destination)
      : trail_(trail), caller_(caller), destination_(std::move(destination)) {}
  ~SentStudies();
  SentStudies(const SentStudies&) = delete;
  SentStudies& operator=(const SentStudies&) = delete;
  void count(std::string_view study_instance_uid, SubOperations::Outcome outcome);

 private:
  struct Counts {
    uint64_t sent = 0;
    uint64_t failed = 0;
  };
  void tell(const std::string& study_instance_uid, const Counts& counts) const;

  AuditTrail* const trail_;
  const Caller& caller_;
  const std::string destination_;
  std::map<std::string, Counts, std::less<>> studies_;
};

}  // namespace fermata::dimse
