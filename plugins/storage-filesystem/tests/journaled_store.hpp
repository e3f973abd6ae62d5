#pragma once
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "fermata/testing/blob_store_conformance.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "filesystem_blob_store.hpp"

// Stores with a small journal, for tests.
namespace fermata::storage_filesystem {

namespace fs = std::filesystem;
using namespace fermata::testing::blob_store_checks;
using fermata::testing::TemporaryFolder;

inline constexpr std::size_t kLarge = 200'000;

/// Settles only when a segment is full, or at the end.
inline StoreSettings journaled(const fs::path& root) {
  StoreSettings settings{root, DurabilityChoice::strict, 0};
  settings.journal.largest = 32 << 10;
  settings.journal.on_any_file_system = true;
  settings.journal.segments = 2;
  settings.journal.segment_bytes = 64 << 10;
  settings.journal.settle_after = std::chrono::hours(1);
  return settings;
}

inline std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::size_t records_in(const fs::path& root) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(root / "journal")) {
    const auto text = text_of(entry.path());
    count += read_records(std::as_bytes(std::span(text))).size();
  }
  return count;
}

inline std::string layout_of(const fs::path& root) {
  const auto text = text_of(root / "fermata-blobs.yaml");
  return text.substr(text.find("format: "));
}

/// Strict, and counts; does what a test says while it waits for the disk.
class WatchedDurability final : public Durability {
 public:
  void settle(const FileDescriptor& file, const std::string& path) override {
    ++waits;
    real_.settle(file, path);
  }
  void make_names_durable(const Changes& changes) override {
    ++waits;
    real_.make_names_durable(changes);
  }
  void flush(const FileDescriptor& file, const std::string& path) override {
    ++flushes;
    if (in_flush) in_flush();
    real_.flush(file, path);
  }
  void make_everything_durable(const FileDescriptor& folder) override {
    if (in_settling) in_settling();
    real_.make_everything_durable(folder);
  }
  bool covers_all_folders() const override { return false; }
  std::string_view name() const override { return "watched"; }

  std::atomic<int> waits{0}, flushes{0};
  std::function<void()> in_flush, in_settling;

 private:
  StrictDurability real_;
};

/// A store with a WatchedDurability.
struct Watched {
  explicit Watched(const StoreSettings& settings) : Watched(settings, std::make_unique<WatchedDurability>()) {}
  Watched(const StoreSettings& settings, std::unique_ptr<WatchedDurability> durability)
      : disk(*durability), store(settings, std::move(durability)) {}
  WatchedDurability& disk;
  FilesystemBlobStore store;
};

/// Runs `body` on a store in a child process that is then killed, so that the journal is left as it is.
template <class F>
void run_and_kill(const StoreSettings& settings, F&& body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      FilesystemBlobStore store(settings);
      body(store);
      ::kill(::getpid(), SIGKILL);  // before the store ends
    } catch (...) {
      ::_exit(1);
    }
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

/// What a power cut may make of a file that nobody has synced.
inline void lose_content(const fs::path& root, const std::string& key) { fs::resize_file(root / "objects" / key, 0); }
inline void lose_name(const fs::path& root, const std::string& key) { REQUIRE(fs::remove(root / "objects" / key)); }
inline void bring_back_half(const fs::path& root, const std::string& key) {
  fs::create_directories((root / "objects" / key).parent_path());
  std::ofstream(root / "objects" / key) << "half";
}

}  // namespace fermata::storage_filesystem
