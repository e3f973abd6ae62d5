#include "import_request.hpp"

#include <algorithm>
#include <charconv>

#include "fermata/error.hpp"
#include "file_names.hpp"
#include "sources/dicomdir_source.hpp"
#include "sources/source_kinds.hpp"
#include "working_hours.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace fs = std::filesystem;
namespace {

constexpr uint64_t kHighestRate = 1'000'000;
constexpr std::string_view kNode = "node";
constexpr std::string_view kKinds[] = {"folder", "file", "dicomdir", "horos", "orthanc", "dcm4chee", kNode};

constexpr std::string_view kUsage =
    "fermata import SOURCE           import a folder, file, ZIP or medium, or the data folder of Horos, OsiriX,\n"
    "                                Orthanc or dcm4chee\n"
    "fermata import node:AETITLE     import all studies of a node, which has to know this archive\n"
    "    --dry-run                   say what would be done\n"
    "    --kind KIND                 folder, file, dicomdir, horos, orthanc, dcm4chee; else it is recognised\n"
    "    --rate NUMBER               files (of a node: studies in an hour) at most in a second\n"
    "    --hours 20:00-06:00         only then, while the archive is being served\n"
    "    --from DATE --to DATE       of a node: Study Dates, YYYYMMDD\n"
    "fermata import report NAME [csv|json]   show the report of an import again";

[[noreturn]] void refuse(std::string what = {}) { throw Error(Code::invalid, what.append("usage:\n").append(kUsage)); }

uint64_t number_of(std::string_view text) {
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size() || number > kHighestRate)
    throw Error(Code::invalid, "a rate is a number up to 1000000");
  return number;
}

std::string text_member(const json::object& body, const char* name) {
  const auto* value = body.if_contains(name);
  if (value == nullptr || value->is_null()) return {};
  if (!value->is_string()) throw Error(Code::invalid, std::string("\"") + name + "\" has to be a text");
  return std::string(value->as_string());
}

void check_date(const std::string& date) {
  const bool digits = std::all_of(date.begin(), date.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!date.empty() && (date.size() != 8 || !digits)) throw Error(Code::invalid, "a date is like 20240131");
}

}  // namespace

ImportRequest ImportRequest::from_json(const json::value& value) {
  if (!value.is_object()) throw Error(Code::invalid, R"(the body has to be like {"source": "/import/Horos Data"})");
  const auto& body = value.as_object();
  ImportRequest request;
  request.source = text_member(body, "source");
  request.kind = text_member(body, "kind");
  request.hours = text_member(body, "hours");
  request.from = text_member(body, "from");
  request.to = text_member(body, "to");
  if (const auto* dry_run = body.if_contains("dry_run"); dry_run != nullptr && !dry_run->is_null()) {
    if (!dry_run->is_bool()) throw Error(Code::invalid, "\"dry_run\" has to be true or false");
    request.dry_run = dry_run->as_bool();
  }
  if (const auto* rate = body.if_contains("rate"); rate != nullptr && !rate->is_null()) {
    json::error_code error;
    const auto number = rate->to_number<uint64_t>(error);
    if (error) throw Error(Code::invalid, "a rate is a number up to 1000000");
    request.rate = number_of(std::to_string(number));
  }
  return request;
}

json::object ImportRequest::to_json() const {
  json::object body{{"source", source}, {"kind", kind}, {"dry_run", dry_run},
                    {"hours", hours},   {"from", from}, {"to", to}};
  if (rate) body["rate"] = *rate;
  return body;
}

std::string_view ImportRequest::usage() { return kUsage; }

ImportRequest ImportRequest::from_arguments(std::span<const std::string_view> arguments) {
  ImportRequest request;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto word = arguments[i];
    const auto value = [&] {
      if (i + 1 == arguments.size()) refuse(std::string(word) + " wants a value\n");
      return std::string(arguments[++i]);
    };
    if (word == "--dry-run")
      request.dry_run = true;
    else if (word == "--kind")
      request.kind = value();
    else if (word == "--rate")
      request.rate = number_of(value());
    else if (word == "--hours")
      request.hours = value();
    else if (word == "--from")
      request.from = value();
    else if (word == "--to")
      request.to = value();
    else if (!word.starts_with("--") && request.source.empty())
      request.source = word;
    else
      refuse();
  }
  if (request.source.empty()) refuse();
  return request;
}

fs::path confined(const std::string& path, const std::vector<std::string>& folders) {
  std::error_code error;
  const auto real = fs::canonical(path, error);
  // What lies outside is refused whether it exists or not, so that nobody learns which.
  const bool inside =
      !error && std::any_of(folders.begin(), folders.end(), [&](const auto& folder) { return lies_in(real, folder); });
  const bool named_inside = std::any_of(folders.begin(), folders.end(), [&](const auto& folder) {
    return lies_in(fs::path(path).lexically_normal(), folder);
  });
  if (inside) return real;
  if (error && named_inside) throw Error(Code::not_found, "there is no " + escaped(path) + " that can be read");
  throw Error(Code::refused, folders.empty()
                                 ? "no folder may be imported over HTTP: name some in the option `folders` of "
                                   "the plugin import"
                                 : "it lies outside of the folders that may be imported");
}

ImportPlan checked(const ImportRequest& request, const std::optional<std::vector<std::string>>& folders) {
  WorkingHours::parse(request.hours);
  check_date(request.from);
  check_date(request.to);
  if (request.source.empty()) throw Error(Code::invalid, "name what to import: \"source\"");
  if (!request.kind.empty() && std::find(std::begin(kKinds), std::end(kKinds), request.kind) == std::end(kKinds))
    throw Error(Code::invalid, "there is no such kind; take folder, file, dicomdir, horos, orthanc, dcm4chee or node");
  ImportPlan plan;
  plan.kind = request.kind;
  plan.dry_run = request.dry_run;
  plan.rate = request.rate.value_or(0);
  plan.hours = request.hours;
  plan.from = request.from;
  plan.to = request.to;
  const bool named_node = request.source.starts_with("node:");
  if (named_node || request.kind == kNode) {
    plan.kind = kNode;
    plan.source = named_node ? request.source.substr(5) : request.source;
    return plan;
  }
  std::error_code error;
  auto path = folders ? confined(request.source, *folders) : fs::canonical(request.source, error);
  if (error) throw Error(Code::not_found, "there is no " + escaped(request.source) + " that can be read");
  if (fs::is_regular_file(path, error) && path == find_dicomdir(path.parent_path())) path = path.parent_path();
  if (folders) plan.folders = *folders;
  plan.source = path.native();
  if (plan.kind.empty() || plan.kind == "file") plan.kind = recognised_kind(path);
  return plan;
}

}  // namespace fermata::imports
