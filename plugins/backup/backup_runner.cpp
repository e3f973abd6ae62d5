#include "backup_runner.hpp"

#include <boost/json.hpp>

namespace fermata::backup {
namespace {

namespace json = boost::json;

constexpr int kFormat = 1;

}  // namespace

std::string BackupRequest::to_json() const {
  return json::serialize(json::object{{"format", kFormat},
                                      {"destination", destination.string()},
                                      {"make", missing == Destination::Missing::make},
                                      {"id", id},
                                      {"scheduled", scheduled}});
}

BackupRequest BackupRequest::from_json(std::span<const std::byte> text) {
  try {
    const auto object = json::parse({reinterpret_cast<const char*>(text.data()), text.size()}).as_object();
    if (object.at("format").to_number<int>() != kFormat)
      throw Error(Code::unsupported, "this backup was asked for by another version of the program: ask again");
    BackupRequest request;
    request.destination = json::value_to<std::string>(object.at("destination"));
    request.missing = object.at("make").as_bool() ? Destination::Missing::make : Destination::Missing::refuse;
    request.id = json::value_to<std::string>(object.at("id"));
    request.scheduled = object.at("scheduled").as_bool();
    return request;
  } catch (const std::exception& error) {
    throw Error(Code::corrupt, std::string("what this backup is to do can't be read: ") + error.what());
  }
}

void BackupRunner::run(JobRun& run) {
  const auto request = BackupRequest::from_json(run.parameters());
  BackupReport report;
  const auto fail = [&](const char* reason) {
    ended_(request, report, reason);
    throw Error(Code::refused, reason);
  };
  try {
    report = work_.run(
        request.destination, request.missing, request.id,
        [&](const BackupReport& so_far) { run.progress(so_far.files, 0, so_far.so_far()); },
        [&] { return run.cancelled(); });
  } catch (const Interrupted&) {
    return;
  } catch (const std::exception& error) {
    fail(error.what());
  }
  problems_.note(run.id(), report.unreadable.size());
  run.progress(report.files, report.files,
               report.name.empty() ? "it was made already" : report.name + ": " + report.text());
  ended_(request, report, "");
}

uint64_t add_backup(JobQueue& queue, const BackupRequest& request, std::string_view user) {
  const auto text = request.to_json();
  return queue.add(
      {BackupRunner::kKind, "Backup to " + request.destination.string(), std::as_bytes(std::span(text)), user});
}

uint64_t pending_backup(JobQueue& queue) {
  const auto jobs = queue.list();
  for (Job job; jobs->next(job);)
    if (job.kind == BackupRunner::kKind && (job.state == Job::State::waiting || job.state == Job::State::running))
      return job.id;
  return 0;
}

}  // namespace fermata::backup
