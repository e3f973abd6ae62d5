#include "sources/folder_source.hpp"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "fermata/error.hpp"
#include "file_names.hpp"
#include "sources/file_stream.hpp"

namespace fermata::imports {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> names_in(const fs::path& folder, std::string& problem) {
  std::vector<std::string> names;
  auto* const directory = ::opendir(folder.c_str());
  if (directory == nullptr) {
    problem = std::strerror(errno);
    return names;
  }
  errno = 0;
  while (const auto* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) problem = std::strerror(errno);
  ::closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

FolderSource::FolderSource(fs::path root, Rules rules)
    : root_(std::move(root)), rules_(std::move(rules)), single_(fs::is_regular_file(root_)) {}

void FolderSource::go_on_after(std::string_view position) {
  stack_.clear();
  begun_ = false;
  given_ = single_ && !position.empty();
  if (position.empty() || single_) return;
  begun_ = true;
  std::string problem;
  fs::path done;
  const fs::path path = unescaped(position);
  if (!enter({}, problem)) return;
  for (auto part = path.begin(); part != path.end(); ++part) {
    auto& folder = stack_.back();
    const auto& name = part->native();
    folder.next = static_cast<std::size_t>(std::lower_bound(folder.names.begin(), folder.names.end(), name) -
                                           folder.names.begin());
    if (folder.next == folder.names.size() || folder.names[folder.next] != name) return;  // it is gone: after it
    ++folder.next;
    done /= name;
    if (std::next(part) != path.end() && !enter(done, problem)) return;
  }
}

bool FolderSource::next(Entry& entry) {
  if (single_) {
    if (std::exchange(given_, true)) return false;
    entry = {};
    entry.name = entry.position = escaped(root_.filename().native());
    give_file(root_, entry);
    if (rules_.adapt) rules_.adapt(entry, root_.filename(), root_);
    return true;
  }
  if (!std::exchange(begun_, true)) {
    std::string problem;
    if (!enter({}, problem))
      throw Error(Code::io, "the folder " + escaped(root_.native()) + " can't be read: " + problem);
  }
  while (!stack_.empty()) {
    auto& folder = stack_.back();
    if (folder.next == folder.names.size()) {
      stack_.pop_back();
      continue;
    }
    const auto relative = folder.relative / folder.names[folder.next++];
    bool is_entry = true;
    entry = {};
    visit(relative, entry, is_entry);
    if (!is_entry) continue;
    entry.name = entry.position = escaped(relative.native());
    if (entry.problem.empty() && rules_.adapt) rules_.adapt(entry, relative, root_ / relative);
    return true;
  }
  return false;
}

/// False, with the problem, if it can't be listed.
bool FolderSource::enter(const fs::path& relative, std::string& problem) {
  const auto full = relative.empty() ? root_ : root_ / relative;
  struct stat about {};
  if (::stat(full.c_str(), &about) != 0) {
    problem = std::strerror(errno);
    return false;
  }
  const std::pair<uint64_t, uint64_t> identity{about.st_dev, about.st_ino};
  if (std::any_of(stack_.begin(), stack_.end(), [&](const auto& folder) { return folder.identity == identity; })) {
    problem = "a link to a folder that it lies in is not followed";
    return false;
  }
  auto names = names_in(full, problem);
  if (!problem.empty()) return false;
  stack_.push_back({relative, std::move(names), 0, identity});
  return true;
}

void FolderSource::visit(const fs::path& relative, Entry& entry, bool& is_entry) {
  const auto full = root_ / relative;
  struct stat about {};
  if (::lstat(full.c_str(), &about) != 0) {
    entry.problem = std::strerror(errno);
  } else if (S_ISLNK(about.st_mode)) {
    visit_link(relative, entry, is_entry);
  } else if (S_ISDIR(about.st_mode)) {
    is_entry = !enter(relative, entry.problem);
  } else if (S_ISREG(about.st_mode)) {
    give_file(full, entry);
  } else {
    entry.problem = "it is neither a file nor a folder";
    entry.outcome = Outcome::not_dicom;
  }
}

void FolderSource::visit_link(const fs::path& relative, Entry& entry, bool& is_entry) {
  std::error_code error;
  const auto target = fs::canonical(root_ / relative, error);
  if (error)
    entry.problem = "a link that leads nowhere";
  else if (!rules_.may_read(target))
    entry.problem = "a link that leads out of the folders that may be imported";
  else if (fs::is_directory(target, error))
    is_entry = !enter(relative, entry.problem);
  else
    give_file(target, entry);
}

void FolderSource::give_file(const fs::path& full, Entry& entry) {
  entry.open = [full]() -> std::unique_ptr<ByteStream> { return std::make_unique<FileStream>(full); };
}

uint64_t FolderSource::count(const std::function<bool()>& stop) {
  uint64_t number = 0;
  FolderSource again(root_, rules_);
  for (Entry entry; again.next(entry);) {
    ++number;
    if (number % 256 == 0 && stop()) return 0;
  }
  return number;
}

}  // namespace fermata::imports
