#pragma once
#include <boost/json.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "fermata/job_queue.hpp"
#include "local-socket/connection.hpp"

namespace fermata::backup {

/// The socket in the plugin's folder, at which verbs ask the running program.
inline constexpr const char* kSocket = "control";

boost::json::value backup_request(const std::filesystem::path& destination);
/// `node`: its AE title; empty: no node is asked to send what is damaged.
boost::json::value verify_request(const std::string& node);

/// Begins a verification, which may ask this node, and returns its number.
using Verify = std::function<uint64_t(const std::string& node)>;

/// The running program's side: adds the job that a verb asks for and returns its number.
/// **Errors**: conflict (such a job waits or runs), unsupported, and those of `verify`.
uint64_t add_requested(const boost::json::value& request, JobQueue& queue, const Verify& verify);

/// The verb's side: shows how it goes on standard error and how it ended on standard output; the exit code.
/// **Errors**: unavailable: it failed, or the program has ended; those of `add_requested`.
int32_t ask(local_socket::Connection& connection, const boost::json::value& request);

}  // namespace fermata::backup
