#include "sources/source_kinds.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include "fermata/error.hpp"
#include "file_names.hpp"
#include "sources/chained_source.hpp"
#include "sources/dicomdir_source.hpp"
#include "sources/folder_source.hpp"
#include "sources/horos_images.hpp"
#include "sources/horos_knowledge.hpp"
#include "sources/orthanc_attachments.hpp"
#include "sources/packed_source.hpp"

namespace fermata::imports {
namespace fs = std::filesystem;
namespace {

constexpr const char* kHorosDatabase = "Database.sql";
constexpr const char* kOrthancDatabase = "index";
constexpr int kLooks = 64;  // entries of a folder that are looked at to recognise it

bool all_of_name(const fs::path& path, std::size_t length, int (*is)(int)) {
  const auto name = path.filename().native();
  return name.size() == length && std::all_of(name.begin(), name.end(), [&](unsigned char c) { return is(c) != 0; });
}

template <class Is>
fs::path first_folder(const fs::path& folder, Is&& is) {
  std::error_code error;
  int left = kLooks;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (left-- == 0) break;
    if (entry.is_directory(error) && is(entry.path())) return entry.path();
  }
  return {};
}

/// "ab/cd/abcd0123-...", as deep as Orthanc has its attachments.
bool is_orthanc(const fs::path& folder) {
  const auto is_pair = [](const fs::path& path) { return all_of_name(path, 2, std::isxdigit); };
  const auto first = first_folder(folder, is_pair);
  if (first.empty()) return false;
  const auto second = first_folder(first, is_pair);
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(second.empty() ? first : second, error))
    if (is_attachment(fs::relative(entry.path(), folder))) return true;
  return false;
}

/// "2024/1/31/..." below the folder, or below its only one (fs1).
bool is_dcm4chee(const fs::path& folder) {
  const auto year = first_folder(folder, [](const fs::path& path) {
    const auto name = path.filename().native();
    return all_of_name(path, 4, std::isdigit) && (name.starts_with("19") || name.starts_with("20"));
  });
  if (year.empty()) return false;
  const auto is_part = [](const fs::path& path) {
    return all_of_name(path, 1, std::isdigit) || all_of_name(path, 2, std::isdigit);
  };
  const auto month = first_folder(year, is_part);
  return !month.empty() && !first_folder(month, is_part).empty();
}

OpenedSource open_horos(const ImportPlan& plan, FolderSource::Rules rules, const fs::path& scratch) {
  const auto may_read = rules.may_read;
  std::vector<std::unique_ptr<Source>> parts;
  parts.push_back(std::make_unique<FolderSource>(plan.source, std::move(rules)));
  const auto database = std::make_shared<const DatabaseCopy>(fs::path(plan.source) / kHorosDatabase, scratch);
  OpenedSource opened;
  opened.knowledge = std::make_unique<HorosKnowledge>(database);
  parts.push_back(std::make_unique<HorosImages>(database, plan.source, may_read));
  opened.source = std::make_unique<ChainedSource>(std::move(parts));
  return opened;
}

OpenedSource open_orthanc(const ImportPlan& plan, FolderSource::Rules rules, const fs::path& scratch) {
  std::shared_ptr<const DatabaseCopy> database;
  const auto original = fs::path(plan.source) / kOrthancDatabase;
  if (fs::is_regular_file(original)) database = std::make_shared<const DatabaseCopy>(original, scratch);
  const auto attachments = std::make_shared<OrthancAttachments>(database);
  rules.adapt = [attachments](Entry& entry, const fs::path& relative, const fs::path& full) {
    attachments->adapt(entry, relative, full);
  };
  return {std::make_unique<FolderSource>(plan.source, std::move(rules)), nullptr};
}

OpenedSource open_medium(const ImportPlan& plan, FolderSource::Rules rules) {
  const auto dicomdir = find_dicomdir(plan.source);
  if (dicomdir.empty()) throw Error(Code::invalid, "there is no DICOMDIR in " + escaped(plan.source));
  std::vector<std::unique_ptr<Source>> parts;
  parts.push_back(std::make_unique<FolderSource>(plan.source, std::move(rules)));
  parts.push_back(std::make_unique<DicomdirGaps>(dicomdir));
  return {std::make_unique<ChainedSource>(std::move(parts)), nullptr};
}

}  // namespace

std::string recognised_kind(const fs::path& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return "file";
  if (!fs::is_directory(path, error))
    throw Error(Code::not_found,
                "there is neither a file nor a folder " + escaped(path.native()) + " that can be read");
  if (fs::is_regular_file(path / kHorosDatabase, error) && fs::is_directory(path / "DATABASE.noindex", error))
    return "horos";
  if (!find_dicomdir(path).empty()) return "dicomdir";
  if (is_orthanc(path)) return "orthanc";
  if (is_dcm4chee(path)) return "dcm4chee";
  return "folder";
}

OpenedSource open_source(const ImportPlan& plan, const fs::path& scratch) {
  FolderSource::Rules rules;
  rules.may_read = [plan](const fs::path& target) { return plan.may_read(target); };
  std::error_code error;
  if (!fs::exists(plan.source, error))
    throw Error(Code::not_found, escaped(plan.source) + " is not there, or can't be reached: is it mounted?");
  if (plan.kind == "horos") return open_horos(plan, std::move(rules), scratch);
  if (plan.kind == "orthanc") return open_orthanc(plan, std::move(rules), scratch);
  if (plan.kind == "dicomdir") return open_medium(plan, std::move(rules));
  if (plan.kind == "file" && is_packed(plan.source)) return {std::make_unique<PackedSource>(plan.source), nullptr};
  if (plan.kind == "file" || plan.kind == "folder" || plan.kind == "dcm4chee")
    return {std::make_unique<FolderSource>(plan.source, std::move(rules)), nullptr};
  throw Error(Code::invalid, "there is no kind of source \"" + plan.kind +
                                 "\"; take folder, file, dicomdir, horos, orthanc, dcm4chee or node");
}

}  // namespace fermata::imports
