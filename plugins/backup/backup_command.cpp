#include "backup_command.hpp"

#include <chrono>
#include <iostream>

#include "verb_requests.hpp"

namespace fermata::backup {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kShowInterval{2};

}  // namespace

bool BackupCommand::needs_plugins(std::span<const std::string_view> arguments) {
  if (arguments.size() != 1) return false;
  running_ = local_socket::Connection::to(folder_ / kSocket);
  return !running_;
}

int32_t BackupCommand::run(std::span<const std::string_view> arguments) {
  if (arguments.size() != 1 || arguments[0].empty() || arguments[0].front() == '-')
    throw Error(Code::invalid, "say where to: fermata backup FOLDER");
  const auto destination = std::filesystem::absolute(arguments[0]).lexically_normal();
  if (!is_safe_name(destination.relative_path().generic_string() + "x"))
    throw Error(Code::invalid, "the folder's name has characters that can't be used");
  return running_ ? ask(*running_, backup_request(destination)) : make_here(destination);
}

int32_t BackupCommand::make_here(const std::filesystem::path& destination) {
  if (work_ == nullptr) throw Error(Code::internal, "the plugins are not started");
  auto shown = Clock::now();
  const auto report = work_->run(
      destination, Destination::Missing::make, random_id(),
      [&](const BackupReport& so_far) {
        if (Clock::now() - shown < kShowInterval) return;
        shown = Clock::now();
        std::cerr << so_far.files << " files, " << so_far.so_far() << '\n';
      },
      [] { return false; });
  std::cout << report.name << ": " << report.text() << '\n';
  return report.unreadable.empty() ? 0 : 1;
}

}  // namespace fermata::backup
