#include "destination.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <utility>

#include "backup_name.hpp"
#include "manifest.hpp"

namespace fermata::backup {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = "fermata-backups.yaml";
constexpr const char* kLock = "lock";
constexpr const char* kText =
    "# Backups of a Fermata archive: a folder each. `fermata restore` brings one back, docs/backup.md says how.\n"
    "format: 1\n";
constexpr std::string_view kFormatLine = "format: ";

std::string first_bytes(const fs::path& path) {
  std::ifstream file(path);
  std::array<char, 4096> text{};
  file.read(text.data(), text.size());
  return {text.data(), static_cast<std::size_t>(file.gcount())};
}

std::string this_process() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  return "process " + std::to_string(::getpid()) + " on " + host.data();
}

/// How long the list of a folder is: 0 if it has none.
uint64_t listed(const fs::path& folder) {
  std::error_code failed;
  const auto size = fs::file_size(folder / ManifestWriter::kFileName, failed);
  return failed ? 0 : size;
}

void move(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0)
    throw system_error(errno, "rename " + from.string() + " to " + to.string());
}

}  // namespace

Destination::Destination(fs::path path, Missing missing) : path_(std::move(path)) {
  make_folder(missing);
  check_marker();
  lock();
  discard(path_ / "removing");
}

Destination::~Destination() {
  if (lock_ >= 0) ::close(lock_);
}

void Destination::make_folder(Missing missing) {
  if (has_backups(path_)) return;
  std::error_code ignored;
  const bool exists = fs::is_directory(path_, ignored);
  if (missing == Missing::refuse) throw Error(Code::not_found, not_there(path_));
  if (exists)
    for (const auto& entry : fs::directory_iterator(path_))
      if (entry.path().filename() != "lost+found" && entry.path().filename() != std::string(kMarker) + ".new")
        throw Error(Code::invalid, path_.string() + " holds " + entry.path().filename().string() +
                                       " and no backups, so it belongs to something else: name an empty or a new "
                                       "folder");
  std::error_code failed;
  fs::create_directories(path_, failed);
  if (failed) throw system_error(failed.value(), "make the folder " + path_.string());
  replace_file(path_ / kMarker, kText);
  sync_folder(fs::absolute(path_ / "").parent_path().parent_path());
}

void Destination::check_marker() const {
  const auto text = first_bytes(path_ / kMarker);
  const auto at = text.find("\n" + std::string(kFormatLine));
  const int format = at == std::string::npos ? 0 : std::atoi(text.c_str() + at + 1 + kFormatLine.size());
  if (format < 1)
    throw Error(Code::corrupt, (path_ / kMarker).string() + " says no format: write \"format: 1\" into it");
  if (format > 1)
    throw Error(Code::unsupported, (path_ / kMarker).string() + " has format " + std::to_string(format) +
                                       ", of a newer version of Fermata: use that one, or another folder");
}

void Destination::lock() {
  const auto path = path_ / kLock;
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (lock_ < 0) throw system_error(errno, "open " + path.string());
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return;  // a file system without locks: one archive has one backup at a time anyway
    const auto holder = first_bytes(path);
    ::close(std::exchange(lock_, -1));
    throw Error(Code::unavailable, path_.string() + " is in use by " + (holder.empty() ? "another process" : holder) +
                                       ": wait for its end, or name another folder");
  }
  const auto text = this_process();
  if (::ftruncate(lock_, 0) != 0 || ::pwrite(lock_, text.data(), text.size(), 0) < 0)
    throw system_error(errno, "write " + path.string());
}

void Destination::begin() {
  // Of two that were interrupted, the one that had come further.
  if (listed(unfinished()) > listed(interrupted())) {
    discard(interrupted());
    move(unfinished(), interrupted());
  } else {
    discard(unfinished());
  }
  if (::mkdir(unfinished().c_str(), 0750) != 0) throw system_error(errno, "make the folder " + unfinished().string());
}

void Destination::publish(const std::string& name) {
  move(unfinished(), path_ / name);
  sync_folder(path_);
  discard(interrupted());
}

/// Out of sight first, so that no half of a backup is ever taken for one.
void Destination::remove(const std::string& name) {
  const auto removing = path_ / "removing";
  fs::create_directories(removing);
  move(path_ / name, removing / name);
  sync_folder(path_);
  discard(removing);
}

void Destination::discard(const fs::path& folder) {
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) throw system_error(failed.value(), "remove " + folder.string());
}

bool has_backups(const fs::path& destination) {
  std::error_code ignored;
  return fs::exists(destination / kMarker, ignored);
}

std::string not_there(const fs::path& destination) {
  std::error_code ignored;
  return destination.string() +
         (fs::is_directory(destination, ignored) ? " is no folder of backups" : " is not there") +
         "; is the disk mounted? If this is the place, make the first backup by hand: fermata backup " +
         destination.string();
}

std::vector<std::string> backups_in(const fs::path& destination) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator at(destination, failed), end; !failed && at != end; at.increment(failed))
    if (const auto name = at->path().filename().string(); moment_of(name)) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

fs::path find_backup(const fs::path& named) {
  if (fs::exists(named / ManifestWriter::kFileName)) return named;
  const auto names = backups_in(named);
  if (!names.empty()) return named / names.back();
  throw Error(Code::not_found, named.string() +
                                   " is neither a backup nor a folder with backups; a backup is a folder "
                                   "like 2026-11-27T22-35-42Z with a manifest.txt in it");
}

}  // namespace fermata::backup
