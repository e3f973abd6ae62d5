#include "import_plan.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "fermata/error.hpp"
#include "file_names.hpp"

namespace fermata::imports {
namespace json = boost::json;
namespace {

constexpr int64_t kVersion = 1;

ImportPlan read(const json::object& object) {
  const auto text = [&](const char* name) { return json::value_to<std::string>(object.at(name)); };
  ImportPlan plan;
  plan.kind = text("kind");
  plan.source = unescaped(text("source"));
  plan.dry_run = object.at("dry_run").as_bool();
  plan.rate = object.at("rate").to_number<uint64_t>();
  plan.hours = text("hours");
  for (const auto& folder : object.at("folders").as_array())
    plan.folders.push_back(unescaped(json::value_to<std::string>(folder)));
  plan.from = text("from");
  plan.to = text("to");
  plan.user = text("user");
  plan.address = text("address");
  return plan;
}

std::string what(const std::string& kind) {
  if (kind == "horos") return "the Horos or OsiriX folder";
  if (kind == "orthanc") return "the Orthanc folder";
  if (kind == "dcm4chee") return "the dcm4chee folder";
  if (kind == "dicomdir") return "the medium";
  if (kind == "node") return "the studies of node";
  return kind == "file" ? "the file" : "the folder";
}

}  // namespace

std::string ImportPlan::to_json() const {
  json::array allowed;
  for (const auto& folder : folders) allowed.emplace_back(escaped(folder));
  return json::serialize(json::object{{"version", kVersion},
                                      {"kind", kind},
                                      {"source", escaped(source)},
                                      {"dry_run", dry_run},
                                      {"rate", rate},
                                      {"hours", hours},
                                      {"folders", std::move(allowed)},
                                      {"from", from},
                                      {"to", to},
                                      {"user", user},
                                      {"address", address}});
}

ImportPlan ImportPlan::from_json(std::span<const std::byte> text) {
  int64_t version = 0;
  try {
    const auto object = json::parse({reinterpret_cast<const char*>(text.data()), text.size()}).as_object();
    version = object.at("version").to_number<int64_t>();
    if (version == kVersion) return read(object);
  } catch (const std::exception& error) {
    throw Error(Code::invalid, std::string("the parameters of a job \"import\" can't be read: ") + error.what());
  }
  throw Error(Code::unsupported, "the parameters of a job \"import\" have version " + std::to_string(version) +
                                     ", of a newer program: use that");
}

std::string ImportPlan::title() const {
  return (dry_run ? "Look through " : "Import ") + what(kind) + " " + escaped(source);
}

bool ImportPlan::may_read(const std::filesystem::path& target) const {
  return folders.empty() ||
         std::any_of(folders.begin(), folders.end(), [&](const auto& folder) { return lies_in(target, folder); });
}

bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end() || (end->empty() && std::next(end) == folder.end());
}

}  // namespace fermata::imports
