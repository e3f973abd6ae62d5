#include "backup_command.hpp"

#include <chrono>
#include <iostream>
#include <thread>

#include "backup_runner.hpp"

namespace fermata::backup {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookInterval{100};
constexpr std::chrono::seconds kShowInterval{2};

constexpr std::string_view kRequest = "backup ";
constexpr std::string_view kVerify = "verify";

/// What follows `start`; nothing if the line begins otherwise.
std::optional<std::string> rest(const std::string& line, std::string_view start) {
  if (line.compare(0, start.size(), start) != 0) return {};
  return line.substr(start.size());
}

}  // namespace

bool BackupCommand::needs_plugins(std::span<const std::string_view> arguments) {
  if (arguments.size() != 1) return false;
  running_ = ControlConnection::to(folder_);
  return !running_;
}

int32_t BackupCommand::run(std::span<const std::string_view> arguments) {
  if (arguments.size() != 1 || arguments[0].empty() || arguments[0].front() == '-')
    throw Error(Code::invalid, "say where to: fermata backup FOLDER");
  const auto destination = std::filesystem::absolute(arguments[0]).lexically_normal();
  if (!is_safe_name(destination.relative_path().generic_string() + "x"))
    throw Error(Code::invalid, "the folder's name has characters that can't be used");
  return running_ ? ask(*running_, std::string(kRequest) + destination.string()) : make_here(destination);
}

int32_t BackupCommand::make_here(const std::filesystem::path& destination) {
  if (work_ == nullptr) throw Error(Code::internal, "the plugins are not started");
  auto shown = Clock::now();
  const auto report = work_->run(
      destination, Destination::Missing::make, random_id(),
      [&](const BackupReport& so_far) {
        if (Clock::now() - shown < kShowInterval) return;
        shown = Clock::now();
        std::cerr << so_far.files << " files, copied " << readable_size(so_far.new_bytes) << " so far\n";
      },
      [] { return false; });
  std::cout << report.name << ": " << report.text() << '\n';
  return report.unreadable.empty() ? 0 : 1;
}

void BackupDesk::serve(ControlConnection& client, const std::function<bool()>& stopping) {
  std::string line;
  if (!client.receive(line, stopping)) return;
  try {
    follow(client, add(line), stopping);
  } catch (const Error& error) {
    client.send(std::string(ControlConnection::kFailed) + error.what());
  }
}

uint64_t BackupDesk::add(const std::string& request) {
  if (request == kVerify) return verify_();
  const auto destination = rest(request, kRequest);
  if (!destination || destination->empty())
    throw Error(Code::unsupported, "the running program does not know this request: restart it after an upgrade");
  if (pending_backup(queue_) != 0) throw Error(Code::conflict, "a backup is being made already: wait for its end");
  return add_backup(queue_, {*destination, Destination::Missing::make}, "");
}

void BackupDesk::follow(ControlConnection& client, uint64_t number, const std::function<bool()>& stopping) {
  std::string said;
  for (auto shown = Clock::now(); !stopping(); std::this_thread::sleep_for(kLookInterval)) {
    const auto jobs = queue_.list();
    Job job;
    bool found = false;
    while (!found && jobs->next(job)) found = job.id == number;
    const std::string message(found ? job.message : "the job was taken off the list");
    if (found && job.state == Job::State::done) {
      client.send(std::string(ControlConnection::kDone) + message);
      return;
    }
    if (!found || job.state == Job::State::failed || job.state == Job::State::cancelled) {
      client.send(std::string(ControlConnection::kFailed) + (message.empty() ? "the job was cancelled" : message));
      return;
    }
    if (message == said || Clock::now() - shown < kShowInterval) continue;
    shown = Clock::now();
    said = message;
    if (!client.send(std::string(ControlConnection::kProgress) + message)) return;  // the job goes on
  }
}

}  // namespace fermata::backup
