// The SQLite database of Horos, OsiriX or Orthanc beside the files to import: its bytes, or the SQL that makes it.
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "fermata/error.hpp"
#include "input.hpp"
#include "sources/horos_images.hpp"
#include "sources/horos_knowledge.hpp"
#include "sources/orthanc_attachments.hpp"

using namespace fermata;
using namespace fermata::imports;
namespace fs = std::filesystem;

namespace {

/// Where this process has the database, and the import its copy.
class Scene {
 public:
  Scene() : folder_(fs::temp_directory_path() / ("fermata-fuzz-" + std::to_string(::getpid()))) {
    fs::create_directories(folder_ / "DATABASE.noindex" / "10000");
    std::ofstream(folder_ / "DATABASE.noindex" / "10000" / "1.dcm") << "an image";
  }
  ~Scene() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const { return folder_; }
  fs::path database() const { return folder_ / "Database.sql"; }
  fs::path scratch() const { return folder_ / "scratch"; }

  void put(std::span<const std::byte> bytes) const {
    std::ofstream(database(), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  }
  /// As far as it goes: what it does before a mistake stays.
  void put_sql(const std::string& script) const {
    fs::remove(database());
    sqlite3* made = nullptr;
    int rounds = 0;
    sqlite3_open(database().c_str(), &made);
    sqlite3_exec(made, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", nullptr, nullptr, nullptr);
    sqlite3_limit(made, SQLITE_LIMIT_LENGTH, 1 << 20);
    sqlite3_limit(made, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_progress_handler(
        made, 1000, [](void* count) { return ++*static_cast<int*>(count) > 100 ? 1 : 0; }, &rounds);
    sqlite3_exec(made, script.c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(made);
  }

 private:
  const fs::path folder_;
};

void require_text(const std::string& text, bool with_lines, const char* promise) {
  fuzz::require(std::none_of(text.begin(), text.end(),
                             [&](unsigned char c) { return c == 0x7f || (c < 0x20 && !(with_lines && c == '\n')); }),
                promise);
}

void read_knowledge(const std::shared_ptr<const DatabaseCopy>& copy) {
  HorosKnowledge knowledge(copy);
  KnownStudy study;
  while (knowledge.next(study)) {
    fuzz::require(study.labels.size() <= 20, "a study has 20 labels at most");
    for (const auto& label : study.labels) {
      fuzz::require(!label.empty() && label.size() <= 40, "a label has 40 bytes at most");
      require_text(label, false, "a label has no control characters");
    }
    fuzz::require(study.note.size() <= 16000, "a note has 16,000 bytes at most");
    require_text(study.note, true, "a note has no control characters but ends of lines");
  }
}

void read_images(const std::shared_ptr<const DatabaseCopy>& copy, const fs::path& folder) {
  HorosImages images(copy, folder, [](const fs::path&) { return false; });
  Entry entry;
  std::string position;
  while (images.next(entry)) {
    fuzz::require(!entry.open, "nothing outside of the folders that may be read is opened");
    fuzz::require(!entry.problem.empty(), "what is listed and not opened has a problem");
    require_text(entry.name, false, "a name has no control characters");
    position = entry.position;
  }
  if (position.empty()) return;
  images.go_on_after(position);
  while (images.next(entry)) fuzz::require(entry.position != position, "what was seen does not come again");
}

void read_attachments(const std::shared_ptr<const DatabaseCopy>& copy, const fs::path& folder) {
  OrthancAttachments attachments(copy);
  Entry entry;
  const fs::path relative = "ab/cd/abcd0123-0000-0000-0000-000000000000";
  attachments.adapt(entry, relative, folder / relative);
}

template <class Read>
void as_far_as_it_goes(Read&& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  static const Scene scene;
  fuzz::Input input(data, size);
  if (input.byte() % 2 == 0)
    scene.put(input.bytes());
  else
    scene.put_sql(std::string(input.text()));
  as_far_as_it_goes([&] {
    const auto copy = std::make_shared<const DatabaseCopy>(scene.database(), scene.scratch());
    as_far_as_it_goes([&] { read_knowledge(copy); });
    as_far_as_it_goes([&] { read_images(copy, scene.folder()); });
    as_far_as_it_goes([&] { read_attachments(copy, scene.folder()); });
  });
  return 0;
}
