#include "import_runner.hpp"

#include <ctime>

#include "fermata/error.hpp"
#include "node_import.hpp"
#include "working_hours.hpp"

namespace fermata::imports {
namespace {

/// A job's run as an import's; outside of its hours it is told to end.
class QueuedRun final : public ImportRun {
 public:
  QueuedRun(JobRun& run, const WorkingHours& hours) : run_(run), hours_(hours) {}

  std::string name() override { return std::to_string(run_.id()); }
  std::string checkpoint() override {
    const auto kept = run_.checkpoint();
    return {reinterpret_cast<const char*>(kept.data()), kept.size()};
  }
  void save(const std::string& checkpoint) override { run_.save(std::as_bytes(std::span(checkpoint))); }
  void progress(uint64_t done, uint64_t total, std::string_view message) override {
    run_.progress(done, total, message);
  }
  bool cancelled() override { return run_.cancelled() || !in_time(); }
  bool in_time() const { return hours_.include(std::time(nullptr)); }

 private:
  JobRun& run_;
  const WorkingHours hours_;
};

}  // namespace

void ImportRunner::run(JobRun& run) {
  const auto plan = ImportPlan::from_json(run.parameters());
  QueuedRun queued(run, WorkingHours::parse(plan.hours));
  const auto wait = [&] { return Error(Code::unavailable, "it goes on between " + plan.hours); };
  if (!queued.in_time()) {
    queued.save(queued.checkpoint());  // waiting for its time is no failed attempt
    throw wait();
  }
  try {
    if (plan.kind != "node")
      FileImport(around_, plan, queued).run();
    else if (around_.dimse != nullptr)
      NodeImport(around_, *around_.dimse, around_.own_ae_title, plan, queued).run();
    else
      throw Error(Code::unsupported, "the plugin dimse is not there: nothing can be fetched from nodes");
  } catch (const Error& error) {
    if (error.code() != Code::cancelled) throw;
    if (!run.cancelled()) throw wait();
  }
}

}  // namespace fermata::imports
