#include "backup_reader_commands.hpp"

#include <chrono>
#include <iostream>
#include <map>
#include <optional>

#include "backup_check.hpp"
#include "backup_maker.hpp"
#include "destination.hpp"
#include "restore.hpp"

namespace fermata::backup {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kShowInterval{2};

bool never() { return false; }

void print_problem(const std::string& name, const std::string& what) { std::cout << name << ": " << what << '\n'; }

/// Says now and then how far it is.
class Shown {
 public:
  template <class Report>
  void operator()(const Report& report) {
    if (Clock::now() - at_ < kShowInterval) return;
    at_ = Clock::now();
    std::cerr << report.files << " files, " << readable_size(report.bytes) << ", " << report.problems << " problems\n";
  }

 private:
  Clock::time_point at_ = Clock::now();
};

struct RestoreArguments {
  std::optional<fs::path> backup;
  std::optional<fs::path> to;
  std::map<std::string, fs::path> elsewhere;

  explicit RestoreArguments(std::span<const std::string_view> arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i] == "--to" && i + 1 < arguments.size())
        take_target(arguments[++i]);
      else if (!backup && !arguments[i].empty() && arguments[i].front() != '-')
        backup = arguments[i];
      else
        refuse();
    }
    if (!backup || (!to && elsewhere.empty())) refuse();
  }

 private:
  void take_target(std::string_view target) {
    const auto equals = target.find('=');
    if (equals == std::string_view::npos)
      to = target;
    else
      elsewhere[std::string(target.substr(0, equals))] = target.substr(equals + 1);
  }
  [[noreturn]] static void refuse() {
    throw Error(Code::invalid,
                "say what and where to: fermata restore BACKUP --to FOLDER, and for a plugin's data elsewhere "
                "--to PLUGIN=FOLDER beside it");
  }
};

}  // namespace

int32_t RestoreCommand::run(std::span<const std::string_view> arguments) {
  const RestoreArguments given(arguments);
  const auto backup = find_backup(*given.backup);
  Shown shown;
  const auto report = Restore(backup, given.to.value_or("."), given.elsewhere)
                          .run(
                              print_problem, [&](const RestoreReport& so_far) { shown(so_far); }, never);
  std::cout << "from " << backup.string() << ": " << report.files << " files, " << readable_size(report.bytes)
            << ", checked\n";
  for (const auto& folder : report.folders) std::cout << "into " << folder.string() << '\n';
  if (report.problems != 0)
    std::cout << report.problems << " files are missing: look into an older backup, and run `fermata verify`\n";
  return report.problems == 0 ? 0 : 1;
}

int32_t VerifyBackupCommand::run(std::span<const std::string_view> arguments) {
  if (arguments.size() != 1 || arguments[0].empty() || arguments[0].front() == '-')
    throw Error(Code::invalid, "say which: fermata verify-backup BACKUP");
  const auto backup = find_backup(fs::path(arguments[0]));
  Shown shown;
  const auto report = BackupCheck().run(
      backup, print_problem, [&](const CheckReport& so_far) { shown(so_far); }, never);
  std::cout << backup.string() << ": " << report.files << " files, " << readable_size(report.bytes) << ", "
            << report.problems << " problems\n";
  return report.problems == 0 ? 0 : 1;
}

}  // namespace fermata::backup
