#include "import_command.hpp"

#include <unistd.h>

#include <ostream>
#include <utility>

#include "fermata/error.hpp"
#include "local-socket/job_desk.hpp"
#include "lone_run.hpp"
#include "report_text.hpp"

namespace fermata::imports {
namespace {

constexpr int32_t kSomethingToLookAt = 2;
constexpr const char* kErase = "\r\x1b[K";

bool has_terminal() { return ::isatty(STDOUT_FILENO) != 0; }

}  // namespace

bool ImportCommand::needs_plugins(std::span<const std::string_view> arguments) {
  if (!arguments.empty() && arguments.front() == "report") return false;
  served_ = local_socket::Connection::to(folder_ / kSocket);
  return !served_;
}

int32_t ImportCommand::run(std::span<const std::string_view> arguments) {
  if (!arguments.empty() && arguments.front() == "report") return show_report(arguments.subspan(1));
  auto request = ImportRequest::from_arguments(arguments);
  if (served_) return have_it_imported(std::move(request));
  const auto* around = around_();
  if (around == nullptr) throw Error(Code::internal, "the plugins are not started");
  return import_here(request, *around);
}

int32_t ImportCommand::show_report(std::span<const std::string_view> arguments) {
  const bool known =
      arguments.size() == 1 || (arguments.size() == 2 && (arguments[1] == "csv" || arguments[1] == "json"));
  if (!known || arguments[0].find('/') != std::string_view::npos)
    throw Error(Code::invalid, "usage: fermata import report NAME [csv|json]");
  const auto path = report_path(folder_, std::string(arguments[0]));
  const auto all = [](const FileResult&) { return true; };
  const auto take = [this](std::string_view text) { out_ << text; };
  if (arguments.size() == 1) return tell_end(std::string(arguments[0]));
  if (arguments[1] == "csv")
    write_csv(path, all, take);
  else
    write_json(path, all, take);
  return 0;
}

int32_t ImportCommand::import_here(const ImportRequest& request, const Surroundings& around) {
  const auto plan = checked(request, std::nullopt);
  if (plan.kind == "node")
    throw Error(Code::unavailable,
                "a node sends its studies to an archive that is being served: start it with `fermata serve`, then run "
                "this again");
  std::filesystem::create_directories(folder_);
  LoneRun run(plan, folder_, out_, has_terminal());
  if (!run.checkpoint().empty()) out_ << "An earlier run of this import was interrupted: it goes on.\n";
  try {
    FileImport(around, plan, run).run();
  } catch (const Error& error) {
    if (has_terminal()) out_ << kErase;
    if (error.code() != Code::corrupt) throw;
    tell_end(run.name());
    run.ended();
    throw;
  }
  if (has_terminal()) out_ << kErase;
  run.ended();
  return tell_end(run.name());
}

int32_t ImportCommand::have_it_imported(ImportRequest request) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(request.source, error);
  if (!request.source.starts_with("node:") && request.kind != "node") request.source = absolute.native();
  bool told = false;
  const auto news = local_socket::have_done(*served_, request.to_json(), [&](const local_socket::JobNews& n) {
    if (!std::exchange(told, true))
      out_ << "The archive is being served: it does the import as job " << n.job
           << ", also when this program ends. `fermata import report " << n.job << "` shows how far it is.\n"
           << std::flush;
    if (has_terminal()) show_progress(out_, n.done, n.total, n.message);
  });
  if (has_terminal()) out_ << kErase;
  const auto name = std::to_string(news.job);
  if (news.state == Job::State::done) return tell_end(name);
  if (std::filesystem::exists(report_path(folder_, name), error)) tell_end(name);
  throw Error(Code::io, "the import " +
                            std::string(news.state == Job::State::failed ? "has failed: " : "was cancelled: ") +
                            news.message);
}

int32_t ImportCommand::tell_end(const std::string& name) {
  const auto path = report_path(folder_, name);
  ReportTotals totals;
  totals.read(path);
  write_text(out_, totals, path);
  out_ << "\nEvery file is in " << path.native() << "; as a table: fermata import report " << name << " csv\n";
  for (const auto outcome : {Outcome::differs, Outcome::refused, Outcome::unreadable, Outcome::missing, Outcome::lost})
    if (totals.counts().of(outcome) != 0) return kSomethingToLookAt;
  return 0;
}

}  // namespace fermata::imports
