#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "fermata/audit_trail.hpp"
#include "file_result.hpp"
#include "import_plan.hpp"

namespace fermata::imports {

/// Which studies an import has brought in, for the audit trail: it is told at the end, and whenever many have come
/// together.
///
/// **Thread**: one at a time. **Ownership**: trail and plan outlive it; the trail may be null.
class StudyTally {
 public:
  StudyTally(AuditTrail* trail, const ImportPlan& plan, std::string origin)
      : trail_(trail), plan_(plan), origin_(std::move(origin)) {}
  ~StudyTally() { tell(); }
  StudyTally(const StudyTally&) = delete;
  StudyTally& operator=(const StudyTally&) = delete;

  void count(const FileResult& result);

 private:
  void tell() noexcept;

  AuditTrail* const trail_;
  const ImportPlan& plan_;
  const std::string origin_;
  std::map<std::string, uint64_t> stored_;
};

}  // namespace fermata::imports
