#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/study_notes.hpp"
#include "file_result.hpp"
#include "import_plan.hpp"
#include "import_run.hpp"
#include "import_state.hpp"
#include "report_file.hpp"
#include "sources/source_kinds.hpp"
#include "study_tally.hpp"

namespace fermata::imports {

/// What imports work with. What is a pointer may be null.
struct Surroundings {
  Archive& archive;
  std::filesystem::path folder;  ///< of reports
  std::size_t parallel = 8;      ///< files at once
  StudyNotes* notes = nullptr;
  AuditTrail* trail = nullptr;
  DimseClient* dimse = nullptr;   ///< for the studies of nodes
  std::string own_ae_title = {};  ///< as they know this archive
};

std::filesystem::path report_path(const std::filesystem::path& folder, const std::string& import);

/// Brings the files of a source into the archive, reads every object back, and puts down what the source's database
/// knows; or, in a dry run, says what it would do.
///
/// It goes on where the last run was: after the last line of the report. **Thread**: one at a time. **Ownership**:
/// borrows all. **Errors**: unavailable and cancelled (it was told to end), io, no_space, corrupt (an object was not
/// found in the archive as it should be: the report names it).
class FileImport {
 public:
  FileImport(const Surroundings& around, const ImportPlan& plan, ImportRun& run);

  void run();

 private:
  void begin_or_go_on();
  void take_up_report(const std::filesystem::path& path);
  void read_files();
  void add(Entry& entry, class Pipeline& pipeline);
  void put_down(FileResult result);
  void settle_repeated(FileResult& result);
  void verify();
  void put_down_notes();
  void note(const KnownStudy& study, const std::string& program);
  void enter(ImportState::Phase phase);
  void save_now_and_then();
  void save();
  void tell(uint64_t done, uint64_t total);
  void stop_if_told();
  [[noreturn]] static void stop();

  const Surroundings& around_;
  const ImportPlan& plan_;
  ImportRun& run_;
  const std::string origin_;
  OpenedSource opened_;
  ImportState state_;
  Counts counts_;
  std::string position_;
  uint64_t repeated_ = 0;  ///< results that may have been stored before an interruption, and not put down
  bool resumed_ = false;
  uint64_t failures_ = 0;  ///< of the archive, in a row
  std::unique_ptr<ReportWriter> report_;
  StudyTally tally_;
  uint64_t unsaved_ = 0;
  std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
};

/// "98,000 stored, 12 duplicates, ...": what there is none of is left out.
std::string summary(const Counts& counts, const ImportState& state);

}  // namespace fermata::imports
