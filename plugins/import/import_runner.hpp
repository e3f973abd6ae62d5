#pragma once
#include "fermata/job_queue.hpp"
#include "file_import.hpp"

namespace fermata::imports {

/// Does jobs of the kind "import". **Thread**: any number of runs at once. **Ownership**: borrows what it is given.
/// **Errors**: see JobRunner; outside of its hours an import is unavailable, and tried again.
class ImportRunner final : public JobRunner {
 public:
  static constexpr const char* kKind = "import";

  explicit ImportRunner(Surroundings around) : around_(std::move(around)) {}
  void run(JobRun& run) override;

 private:
  const Surroundings around_;
};

}  // namespace fermata::imports
