#include "verb_requests.hpp"

#include <chrono>
#include <iostream>

#include "backup_runner.hpp"
#include "local-socket/job_desk.hpp"

namespace fermata::backup {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kBackup = "backup";
constexpr const char* kVerify = "verify";
constexpr std::chrono::seconds kShowInterval{2};

}  // namespace

json::value backup_request(const std::filesystem::path& destination) {
  return json::object{{kBackup, destination.string()}};
}

json::value verify_request(const std::string& node) { return json::object{{kVerify, node}}; }

uint64_t add_requested(const json::value& request, JobQueue& queue, const Verify& verify) {
  const auto* asked = request.if_object();
  const auto* node = asked != nullptr ? asked->if_contains(kVerify) : nullptr;
  if (node != nullptr && node->is_string()) return verify(std::string(node->as_string()));
  const auto* destination = asked != nullptr ? asked->if_contains(kBackup) : nullptr;
  if (destination == nullptr || !destination->is_string() || destination->as_string().empty())
    throw Error(Code::unsupported, "the running program does not know this request: restart it after an upgrade");
  if (pending_backup(queue) != 0) throw Error(Code::conflict, "a backup is being made already: wait for its end");
  return add_backup(queue, {std::string(destination->as_string()), Destination::Missing::make}, "");
}

int32_t ask(local_socket::Connection& connection, const json::value& request) {
  auto shown = Clock::now();
  const auto news = local_socket::have_done(connection, request, [&](const local_socket::JobNews& so_far) {
    if (so_far.has_ended() || so_far.message.empty() || Clock::now() - shown < kShowInterval) return;
    shown = Clock::now();
    std::cerr << so_far.message << '\n';
  });
  if (news.state != Job::State::done)
    throw Error(Code::unavailable, news.message.empty() ? "the job was cancelled" : news.message);
  std::cout << news.message << '\n';
  return news.problems == 0 ? 0 : 1;
}

}  // namespace fermata::backup
