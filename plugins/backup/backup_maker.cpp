#include "backup_maker.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "backup_check.hpp"
#include "backup_name.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::backup {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr uint64_t kMostUnsynced = uint64_t{512} << 20;
constexpr std::chrono::seconds kLongestUnsynced{15};

/// The files of a backup made before, asked for in ascending order of their names.
class EarlierFiles {
 public:
  explicit EarlierFiles(fs::path folder) : folder_(std::move(folder)) {
    if (!fs::exists(folder_ / ManifestWriter::kFileName)) return;
    try {
      reader_.emplace(folder_);
      advance();
    } catch (const Error&) {  // it helps nobody then
      reader_.reset();
      file_.reset();
    }
  }

  const ManifestFile* find(const std::string& name) {
    while (file_ && file_->name < name) advance();
    return file_ && file_->name == name ? &*file_ : nullptr;
  }
  fs::path path(const ManifestFile& file) const { return folder_ / file.name; }

 private:
  void advance() {
    ManifestFile next;
    try {
      if (reader_->next(next)) {
        file_ = std::move(next);
        return;
      }
    } catch (const Error&) {
    }
    file_.reset();
  }

  const fs::path folder_;
  std::optional<ManifestReader> reader_;
  std::optional<ManifestFile> file_;
};

fs::path latest_in(const Destination& destination) {
  const auto names = backups_in(destination.path());
  return names.empty() ? fs::path("/nowhere") : destination.path() / names.back();
}

/// One backup while it is made.
class Making {
 public:
  Making(Destination& destination, Method method, const Journal& journal, const Cancelled& cancelled,
         const BackupMaker::Progress& progress, const std::string& id, const std::vector<ManifestSource>& sources)
      : folder_(destination.unfinished()),
        method_(method),
        journal_(journal),
        cancelled_(cancelled),
        progress_(progress),
        copy_(cancelled),
        manifest_(folder_, id, sources),
        latest_(latest_in(destination)),
        earlier_{EarlierFiles(destination.interrupted()), EarlierFiles(latest_)} {}

  void add(const std::string& source, BackupSession& session) {
    BackupFile file;
    while (session.next(file)) {
      if (cancelled_()) throw Interrupted{};
      add(source, session, file);
      progress_(report_);
      if (unsynced_ > kMostUnsynced || Clock::now() - synced_ > kLongestUnsynced) sync();
    }
  }

  BackupReport finish(bool with_reading_back) {
    sync();
    manifest_.finish();
    sync_folder(folder_);
    if (with_reading_back) {
      report_.reading_back = true;
      progress_(report_);
      read_back(folder_, latest_, cancelled_);
    }
    return std::move(report_);
  }

 private:
  /// The content before the list of it.
  void sync() {
    OpenFile::folder(folder_).sync_file_system();
    manifest_.flush();
    unsynced_ = 0;
    synced_ = Clock::now();
  }

  void add(const std::string& source, BackupSession& session, const BackupFile& file) {
    const auto name = source + '/' + std::string(file.name);
    if (!is_safe_name(name)) throw Error(Code::invalid, "the plugin " + source + " gives a file the name " + name);
    const auto target = folder_ / name;
    if (fs::exists(target)) return;  // it was removed after it had been copied, and is held
    make_folder(target.parent_path());
    if (take_over(name, file, target)) return;
    try {
      const auto content = copied(session, file, target);
      if (content) note({content->checksum, content->length, file.version, name}, true);
    } catch (const Error& error) {
      // A disk that does not give one file any more must not keep all others from being saved.
      if (error.code() != Code::io || !source_is_unreadable(session, file)) throw;
      fs::remove(target);
      journal_.log(LogLevel::error, std::string("a file is not in the backup: ") + error.what(), {{"file", name}});
      manifest_.add_unreadable(name);
      report_.unreadable.push_back(name);
    }
  }

  /// From a backup made before, if that has the very same.
  bool take_over(const std::string& name, const BackupFile& file, const fs::path& target) {
    for (auto& earlier : earlier_) {
      const auto* found = earlier.find(name);
      if (found == nullptr || found->length != file.length) continue;
      const bool same = file.version != 0 ? found->version == file.version : has_content(file, *found);
      std::error_code ignored;
      if (!same || fs::file_size(earlier.path(*found), ignored) != found->length) continue;
      if (!link_file(earlier.path(*found), target)) continue;
      note(*found, false);
      return true;
    }
    return false;
  }

  bool has_content(const BackupFile& file, const ManifestFile& earlier) {
    return !file.path.empty() && copy_.read(fs::path(file.path)).checksum == earlier.checksum;
  }

  /// Nothing if the file has gone from its place.
  std::optional<Content> copied(BackupSession& session, const BackupFile& file, const fs::path& target) {
    try {
      if (!file.path.empty()) return copy_.copy(fs::path(file.path), target, method_, file.version);
      return copy_.copy(*session.open(file.name), target, file.version);
    } catch (const Error& error) {
      if (error.code() != Code::not_found) throw;
      return {};
    }
  }

  bool source_is_unreadable(BackupSession& session, const BackupFile& file) {
    try {
      if (!file.path.empty()) {
        copy_.read(fs::path(file.path));
      } else {
        const auto reader = session.open(file.name);
        std::vector<std::byte> buffer(1 << 20);
        for (uint64_t at = 0, n = 0; (n = reader->read_at(at, buffer)) != 0; at += n) {
        }
      }
      return false;
    } catch (const Error&) {
      return true;
    }
  }

  void note(const ManifestFile& file, bool is_new) {
    manifest_.add(file);
    ++report_.files;
    report_.bytes += file.length;
    if (!is_new) return;
    ++report_.new_files;
    report_.new_bytes += file.length;
    unsynced_ += file.length;
  }

  void make_folder(const fs::path& folder) {
    if (folder == made_) return;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) throw system_error(failed.value(), "make the folder " + folder.string());
    made_ = folder;
  }

  const fs::path folder_;
  const Method method_;
  const Journal& journal_;
  const Cancelled& cancelled_;
  const BackupMaker::Progress& progress_;
  FileCopy copy_;
  ManifestWriter manifest_;
  const fs::path latest_;
  EarlierFiles earlier_[2];
  fs::path made_;
  BackupReport report_;
  uint64_t unsynced_ = 0;
  Clock::time_point synced_ = Clock::now();
};

}  // namespace

std::string readable_size(uint64_t bytes) {
  static constexpr const char* kUnits[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  double size = double(bytes);
  std::size_t unit = 0;
  for (; size >= 1024 && unit < 4; ++unit) size /= 1024;
  char text[40];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", size, kUnits[unit]);
  return text;
}

std::string BackupReport::so_far() const {
  const auto copied = "copied " + readable_size(new_bytes);
  return reading_back ? copied + ", which is read back now" : copied + " so far";
}

std::string BackupReport::text() const {
  auto text = std::to_string(files) + " files, " + readable_size(bytes) + ", of which " + std::to_string(new_files) +
              " (" + readable_size(new_bytes) + ") are new since the backup before";
  if (!unreadable.empty())
    text += "; " + std::to_string(unreadable.size()) + " could not be read and are missing, the first is " +
            unreadable.front();
  return text;
}

BackupReport BackupMaker::make(Destination& destination, const std::string& id, const Progress& progress,
                               const Cancelled& cancelled) {
  if (sources_.empty()) throw Error(Code::unsupported, "no plugin has anything for a backup");
  std::sort(sources_.begin(), sources_.end(), [](const auto& a, const auto& b) { return a.plugin < b.plugin; });
  std::vector<ManifestSource> listed;
  for (const auto& source : sources_) listed.push_back({source.plugin, std::string(source.service->place())});
  // Two within a second have two names, too.
  auto moment = now_us();
  while (fs::exists(destination.path() / backup_name(moment))) moment += 1'000'000;

  destination.begin();
  std::vector<std::unique_ptr<BackupSession>> sessions;
  for (const auto& source : sources_) sessions.push_back(source.service->begin());
  for (const auto& session : sessions) session->capture();
  Making making(destination, method_, journal_, cancelled, progress, id, listed);
  for (std::size_t i = 0; i < sources_.size(); ++i) making.add(sources_[i].plugin, *sessions[i]);
  auto report = making.finish(read_back_);
  sessions.clear();
  report.name = backup_name(moment);
  destination.publish(report.name);
  return report;
}

}  // namespace fermata::backup
