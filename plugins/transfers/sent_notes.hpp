#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "fermata/audit_trail.hpp"
#include "send_parameters.hpp"

namespace fermata::transfers {

/// Which studies one run has sent, for the audit trail: it is told at the end, however that comes.
///
/// **Thread**: one at a time. **Ownership**: trail and parameters outlive it; the trail may be null.
class SentNotes {
 public:
  SentNotes(AuditTrail* trail, const SendParameters& parameters, uint64_t job)
      : trail_(trail), parameters_(parameters), job_(job) {}
  ~SentNotes();
  SentNotes(const SentNotes&) = delete;
  SentNotes& operator=(const SentNotes&) = delete;

  void count(std::string_view study_instance_uid, bool taken);

 private:
  struct Counts {
    uint64_t sent = 0;
    uint64_t failed = 0;
  };
  void tell(const std::string& study_instance_uid, const Counts& counts) const;

  AuditTrail* const trail_;
  const SendParameters& parameters_;
  const uint64_t job_;
  std::map<std::string, Counts, std::less<>> studies_;
};

}  // namespace fermata::transfers
