#pragma once
#include <map>
#include <string>

#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/job_queue.hpp"
#include "open_associations.hpp"

namespace fermata::transfers {

/// Does jobs of the kind "send": sends studies and series to a node, and goes on where it was interrupted.
///
/// An instance that the node does not take is noted, and the rest is sent; at the end the job has failed then, and a
/// further attempt sends only what was not taken. **Thread**: any number of runs at once, each with one association.
/// **Ownership**: borrows all; the trail may be null. **Errors**: see JobRunner.
class SendRunner final : public JobRunner {
 public:
  static constexpr const char* kKind = "send";

  SendRunner(Archive& archive, DimseClient& client, ApplicationEntities& nodes, AuditTrail* trail)
      : archive_(archive), client_(client), nodes_(nodes), trail_(trail) {}

  void run(JobRun& run) override;
  /// For the end of the program: what is on its way is cut off, and sent again later.
  void abort_all() { open_.abort_all(); }

 private:
  Archive& archive_;
  DimseClient& client_;
  ApplicationEntities& nodes_;
  AuditTrail* const trail_;
  OpenAssociations open_;
};

}  // namespace fermata::transfers
