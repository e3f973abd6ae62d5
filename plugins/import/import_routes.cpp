#include "import_routes.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "fermata/error.hpp"
#include "fermata/json_answer.hpp"
#include "fermata/query_parameters.hpp"
#include "file_import.hpp"
#include "file_names.hpp"
#include "import_runner.hpp"
#include "source_kinds.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kPermission = "studies.import";
constexpr std::size_t kLongestBody = 64 * 1024;
constexpr std::size_t kMostItems = 1000;
constexpr std::size_t kMostTotals = 16;
constexpr const char* kStates[] = {"waiting", "running", "done", "failed", "cancelled"};

std::string operation(std::string_view summary, const json::array& parameters, const json::object& more = {}) {
  json::object described{{"summary", summary}, {"tags", json::array{"imports"}}};
  if (!parameters.empty()) described["parameters"] = parameters;
  described["responses"] = json::object{{"200", json::object{{"description", "Done"}}}};
  for (const auto& [name, value] : more) described[name] = value;
  return json::serialize(described);
}

json::object parameter(std::string_view name, std::string_view in, std::string_view type, std::string_view text) {
  return {{"name", name},
          {"in", in},
          {"required", in == "path"},
          {"description", text},
          {"schema", json::object{{"type", type}}}};
}

json::object body_described() {
  const auto text = [](std::string_view about) { return json::object{{"type", "string"}, {"description", about}}; };
  const json::object properties{
      {"source", text("a path, or node:AETITLE")},
      {"kind", text("folder, file, dicomdir, horos, orthanc, dcm4chee or node; else it is recognised")},
      {"dry_run", json::object{{"type", "boolean"}}},
      {"rate",
       json::object{{"type", "integer"}, {"description", "files in a second, at most; of a node: studies in an hour"}}},
      {"hours", text("20:00-06:00: only then, in local time")},
      {"from", text("of a node: first Study Date, YYYYMMDD")},
      {"to", text("of a node: last Study Date")}};
  const json::object schema{{"type", "object"}, {"required", json::array{"source"}}, {"properties", properties}};
  return {
      {"requestBody", json::object{{"required", true},
                                   {"content", json::object{{"application/json", json::object{{"schema", schema}}}}}}},
      {"responses", json::object{{"202", json::object{{"description", "The number of the job that does it"}}},
                                 {"400", json::object{{"description", "The request makes no sense"}}},
                                 {"403", json::object{{"description", "Outside of the folders"}}},
                                 {"404", json::object{{"description", "There is no such source"}}}}}};
}

json::object described(const Job& job) {
  json::object object{{"id", job.id},
                      {"state", kStates[static_cast<uint32_t>(job.state)]},
                      {"title", job.title},
                      {"message", job.message},
                      {"user", job.user},
                      {"done", job.done},
                      {"total", job.total},
                      {"created", json::value_from(json_time(job.created_us))},
                      {"changed", json::value_from(json_time(job.changed_us))},
                      {"next_attempt", json::value_from(json_time(job.next_attempt_us))}};
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
  const auto job = parameter("job", "path", "integer", "the number of its job");
  const auto route = [&](const char* method, const char* path, const std::string& text, Answer answer) {
    handlers_.emplace_back(*this, answer);
    router.add({method, path, kPermission, text}, handlers_.back());
  };
  route("GET", "/api/imports", operation("Imports, latest first, and what may be imported", {}), &ImportRoutes::list);
  route("GET", "/api/imports/sources",
        operation("What lies in a folder that may be imported, and of which kind it is",
                  {parameter("path", "query", "string", "a folder; without it, those of the configuration")}),
        &ImportRoutes::sources);
  route("POST", "/api/imports", operation("Import something, or say what that would do", {}, body_described()),
        &ImportRoutes::begin);
  route("GET", "/api/imports/{job}", operation("An import, and what has become of its files", {job}),
        &ImportRoutes::show);
  route("GET", "/api/imports/{job}/report",
        operation("What became of each file",
                  {job, parameter("format", "query", "string", "json or csv"),
                   parameter("outcome", "query", "string", "only files of this outcome, or \"attention\"")}),
        &ImportRoutes::report);
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
    return answer_json(response,
                       json::serialize(json::object{{"path", nullptr}, {"items", std::move(items)}, {"more", false}}));
  }
  const auto folder = confined(unescaped(*path), folders);
  bool more = false;
  items = items_in(folder, more);
  json::value parent;
  if (std::find(folders.begin(), folders.end(), folder.native()) == folders.end())
    parent = escaped(folder.parent_path().native());
  answer_json(response, json::serialize(json::object{{"path", escaped(folder.native())},
                                                     {"parent", std::move(parent)},
                                                     {"kind", recognised_kind(folder)},
                                                     {"items", std::move(items)},
                                                     {"more", more}}));
}

void ImportRoutes::list(HttpRequest&, HttpResponse& response) {
  json::array items;
  const auto cursor = queue_.list();
  for (Job job; cursor->next(job);)
    if (job.kind == ImportRunner::kKind) items.push_back(described(job));
  json::array folders;
  for (const auto& folder : folders_) folders.emplace_back(escaped(folder));
  answer_json(response, json::serialize(json::object{{"items", std::move(items)}, {"folders", std::move(folders)}}));
}

void ImportRoutes::begin(HttpRequest& request, HttpResponse& response) {
  json::error_code error;
  auto wanted = ImportRequest::from_json(json::parse(read_body(request, kLongestBody), error));
  wanted.source = unescaped(wanted.source);
  auto plan = checked(wanted, folders_there());
  plan.user = request.user();
  plan.address = request.peer_address();
  const auto job = add_(std::move(plan), wanted.rate);
  response.status(202);
  answer_json(response, json::serialize(json::object{{"job", job}}));
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
    return answer_json(response, json::serialize(object));
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
