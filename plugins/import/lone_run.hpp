#pragma once
#include <chrono>
#include <filesystem>
#include <iosfwd>

#include "import_plan.hpp"
#include "import_run.hpp"

namespace fermata::imports {

/// An import that a program of its own does, without the job queue: its checkpoint is a file beside the report, and its
/// progress goes to a terminal.
///
/// The same import has the same name each time, and goes on where it was unless it had ended. **Errors**: io, no_space.
class LoneRun final : public ImportRun {
 public:
  LoneRun(const ImportPlan& plan, const std::filesystem::path& folder, std::ostream& out, bool terminal);

  std::string name() override { return name_; }
  std::string checkpoint() override { return checkpoint_; }
  void save(const std::string& checkpoint) override;
  void progress(uint64_t done, uint64_t total, std::string_view message) override;
  bool cancelled() override { return false; }
  /// The next run of this import begins anew.
  void ended();

 private:
  const std::string name_;
  const std::filesystem::path path_;
  std::string checkpoint_;
  std::ostream& out_;
  const bool terminal_;
  std::chrono::steady_clock::time_point told_{};
};

/// One line that is written over and over on a terminal: "12,000 of 100,000, 12 %: ...".
void show_progress(std::ostream& out, uint64_t done, uint64_t total, std::string_view message);

}  // namespace fermata::imports
