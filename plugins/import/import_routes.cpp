#include "import_routes.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "api/json_answer.hpp"
#include "fermata/error.hpp"
#include "fermata/json_answer.hpp"
#include "fermata/query_parameters.hpp"
#include "file_import.hpp"
#include "file_names.hpp"
#include "import_runner.hpp"
#include "sources/source_kinds.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPermission = "studies.import";
constexpr std::size_t kLongestBody = 64 * 1024;
constexpr std::size_t kMostItems = 1000;
constexpr std::size_t kMostTotals = 16;
constexpr const char* kStates[] = {"waiting", "running", "done", "failed", "cancelled"};

constexpr std::string_view kGroup = "imports";

constexpr std::string_view kWanted = R"({"type":"object","required":["source"],"properties":{
"source":{"type":"string","description":"a path, or node:AETITLE"},
"kind":{"type":"string","description":"folder, file, dicomdir, horos, orthanc, dcm4chee or node; else it is recognised"},
"dry_run":{"type":"boolean"},
"rate":{"type":"integer","description":"files in a second, at most; of a node: studies in an hour"},
"hours":{"type":"string","description":"20:00-06:00: only then, in local time"},
"from":{"type":"string","description":"of a node: first Study Date, YYYYMMDD"},
"to":{"type":"string","description":"of a node: last Study Date"}}})";

json::object described(const Job& job) {
  json::object object{{"id", job.id},
                      {"state", kStates[static_cast<uint32_t>(job.state)]},
                      {"title", job.title},
                      {"message", job.message},
                      {"user", job.user},
                      {"done", job.done},
                      {"total", job.total},
                      {"created", api::time_value(job.created_us)},
                      {"changed", api::time_value(job.changed_us)},
                      {"next_attempt", api::time_value(job.next_attempt_us)}};
  try {
    const auto plan = ImportPlan::from_json(job.parameters);
    object["source"] = escaped(plan.source);
    object["kind"] = plan.kind;
    object["dry_run"] = plan.dry_run;
    object["rate"] = plan.rate;
    object["hours"] = plan.hours;
    object["from"] = plan.from;
    object["to"] = plan.to;
  } catch (const Error&) {  // of a newer version: its title says it
  }
  return object;
}

uint64_t number_of(HttpRequest& request) {
  const auto text = request.parameter("job");
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size())
    throw Error(Code::not_found, "there is no such import: an import is named by the number of its job");
  return number;
}

json::object described(const fs::path& path, std::string_view kind, bool is_folder) {
  return {{"path", escaped(path.native())},
          {"name", escaped(path.filename().native())},
          {"kind", kind},
          {"folder", is_folder}};
}

/// What a folder holds that one may look at or import: folders first, then files.
json::array items_in(const fs::path& folder, bool& more) {
  std::vector<fs::path> folders;
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.is_symlink(error)) continue;  // what a link leads to is seen where it lies
    if (entry.is_directory(error)) folders.push_back(entry.path());
    if (entry.is_regular_file(error) && files.size() < kMostItems) files.push_back(entry.path());
  }
  if (error) throw Error(Code::not_found, "the folder can't be read: " + error.message());
  std::sort(folders.begin(), folders.end());
  std::sort(files.begin(), files.end());
  json::array items;
  more = folders.size() + files.size() > kMostItems;
  for (const auto& path : folders)
    if (items.size() < kMostItems) items.push_back(described(path, recognised_kind(path), true));
  for (const auto& path : files)
    if (items.size() < kMostItems) items.push_back(described(path, "file", false));
  return items;
}

}  // namespace

ImportRoutes::ImportRoutes(JobQueue& queue, fs::path folder, const std::vector<std::string>& folders, Add add)
    : queue_(queue), folder_(std::move(folder)), folders_(folders), add_(std::move(add)) {}

void ImportRoutes::add_to(HttpRouter& router) {
  auto& routes = routes_.emplace(router);
  const api::Parameter job{"job", "the number of its job", true, "integer"};
  const auto calls = [this](auto answer) {
    return [this, answer](HttpRequest& request, HttpResponse& response) { (this->*answer)(request, response); };
  };
  routes.add("GET", "/api/imports", kPermission,
             {.summary = "Imports, latest first, and what may be imported", .group = kGroup},
             calls(&ImportRoutes::list));
  routes.add("GET", "/api/imports/sources", kPermission,
             {.summary = "What lies in a folder that may be imported, and of which kind it is",
              .group = kGroup,
              .parameters = {{"path", "a folder; without it, those of the configuration"}}},
             calls(&ImportRoutes::sources));
  routes.add("POST", "/api/imports", kPermission,
             {.summary = "Import something, or say what that would do",
              .group = kGroup,
              .body = kWanted,
              .status = "202",
              .done = "The number of the job that does it",
              .answer = api::kNumberOfJob,
              .refusals = {{"400", "The request makes no sense"},
                           {"403", "Outside of the folders"},
                           {"404", "There is no such source"}}},
             calls(&ImportRoutes::begin));
  routes.add("GET", "/api/imports/{job}", kPermission,
             {.summary = "An import, and what has become of its files", .group = kGroup, .parameters = {job}},
             calls(&ImportRoutes::show));
  routes.add(
      "GET", "/api/imports/{job}/report", kPermission,
      {.summary = "What became of each file",
       .group = kGroup,
       .parameters = {job, {"format", "json or csv"}, {"outcome", "only files of this outcome, or \"attention\""}}},
      calls(&ImportRoutes::report));
}

std::vector<std::string> ImportRoutes::folders_there() const {
  std::vector<std::string> there;
  for (const auto& folder : folders_) {
    std::error_code error;
    const auto real = fs::canonical(folder, error);
    if (!error && fs::is_directory(real, error)) there.push_back(real.native());
  }
  return there;
}

void ImportRoutes::sources(HttpRequest& request, HttpResponse& response) {
  const QueryParameters parameters(request.query());
  const auto path = parameters.find("path");
  const auto folders = folders_there();
  json::array items;
  if (!path || path->empty()) {
    for (const auto& folder : folders) items.push_back(described(folder, recognised_kind(folder), true));
    return api::answer_json(response, json::object{{"path", nullptr}, {"items", std::move(items)}, {"more", false}});
  }
  const auto folder = confined(unescaped(*path), folders);
  bool more = false;
  items = items_in(folder, more);
  json::value parent;
  if (std::find(folders.begin(), folders.end(), folder.native()) == folders.end())
    parent = escaped(folder.parent_path().native());
  api::answer_json(response, json::object{{"path", escaped(folder.native())},
                                          {"parent", std::move(parent)},
                                          {"kind", recognised_kind(folder)},
                                          {"items", std::move(items)},
                                          {"more", more}});
}

void ImportRoutes::list(HttpRequest&, HttpResponse& response) {
  json::array items;
  const auto cursor = queue_.list();
  for (Job job; cursor->next(job);)
    if (job.kind == ImportRunner::kKind) items.push_back(described(job));
  json::array folders;
  for (const auto& folder : folders_) folders.emplace_back(escaped(folder));
  api::answer_json(response, json::object{{"items", std::move(items)}, {"folders", std::move(folders)}});
}

void ImportRoutes::begin(HttpRequest& request, HttpResponse& response) {
  json::error_code error;
  auto wanted = ImportRequest::from_json(json::parse(read_body(request, kLongestBody), error));
  wanted.source = unescaped(wanted.source);
  auto plan = checked(wanted, folders_there());
  plan.user = request.user();
  plan.address = request.peer_address();
  const auto job = add_(std::move(plan), wanted.rate);
  api::answer_json(response, json::object{{"job", job}}, 202);
}

json::object ImportRoutes::totals_of(uint64_t job) {
  const std::lock_guard lock(mutex_);
  auto& totals = totals_[job];
  json::object counts;
  json::array reasons;
  try {
    totals.read(report_path(folder_, std::to_string(job)));
  } catch (const Error&) {  // it has not begun
  }
  counts["found"] = totals.counts().found();
  for (std::size_t i = 0; i < kOutcomes; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    counts[name_of(outcome)] = totals.counts().of(outcome);
  }
  for (const auto& [key, number] : totals.reasons())
    reasons.push_back(json::object{{"outcome", name_of(key.first)}, {"reason", key.second}, {"files", number}});
  json::object object{{"counts", std::move(counts)}, {"reasons", std::move(reasons)}, {"bytes", totals.bytes()}};
  while (totals_.size() > kMostTotals) totals_.erase(totals_.begin());
  return object;
}

void ImportRoutes::show(HttpRequest& request, HttpResponse& response) {
  const auto number = number_of(request);
  const auto cursor = queue_.list();
  for (Job job; cursor->next(job);) {
    if (job.id != number || job.kind != ImportRunner::kKind) continue;
    auto object = described(job);
    for (auto& [name, value] : totals_of(number)) object[name] = std::move(value);
    return api::answer_json(response, object);
  }
  throw Error(Code::not_found, "there is no such import; it may have been taken off the list");
}

void ImportRoutes::report(HttpRequest& request, HttpResponse& response) {
  const QueryParameters parameters(request.query());
  const auto format = parameters.find("format").value_or("json");
  const std::string outcome(parameters.find("outcome").value_or(""));
  const auto number = number_of(request);
  if (format != "json" && format != "csv") throw Error(Code::invalid, "a report is given as json or csv");
  if (!outcome.empty() && outcome != "attention" && !outcome_named(outcome))
    throw Error(Code::invalid, "there is no such outcome");
  const auto wanted = [&](const FileResult& line) {
    return outcome.empty() ||
           (outcome == "attention" ? needs_attention(line.outcome) : name_of(line.outcome) == outcome);
  };
  const auto path = report_path(folder_, std::to_string(number));
  static_cast<void>(ReportReader{path});  // not_found before anything is written
  const auto take = [&](std::string_view text) { response.write(std::as_bytes(std::span(text))); };
  response.header("Cache-Control", "no-store");
  response.header("Content-Type", format == "csv" ? "text/csv; charset=utf-8" : "application/json");
  response.header("Content-Disposition",
                  "attachment; filename=\"import-" + std::to_string(number) + "." + std::string(format) + "\"");
  if (format == "csv")
    write_csv(path, wanted, take);
  else
    write_json(path, wanted, take);
}

}  // namespace fermata::imports
