// Commits and removes blobs from several threads without end, and says on standard output what has been acknowledged:
// "kept KEY" after commit has returned, "gone KEY" after a later remove and sync have. A blob's content is its key,
// repeated, and its length stands in the key, so that anybody can tell a whole one.
//
// Its first line is "durability" and what the store has chosen. "none" waits for nothing, and "unsettled" only for what
// is flushed, not for what a segment of the journal stands for: the tests must notice both.
//
// With JOURNAL, blobs up to that many bytes go through a journal with segments so small that all are soon used again.
//
//   blob_writer ROOT automatic|ordered|strict|unsettled|none THREADS [JOURNAL]
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "filesystem_blob_store.hpp"

namespace {

using namespace fermata::storage_filesystem;

class NoDurability final : public Durability {
 public:
  void settle(const FileDescriptor&, const std::string&) override {}
  void make_names_durable(const Changes&) override {}
  void flush(const FileDescriptor&, const std::string&) override {}
  void make_everything_durable(const FileDescriptor&) override {}
  bool covers_all_folders() const override { return true; }
  std::string_view name() const override { return "none"; }
};

class Unsettled final : public Durability {
 public:
  void settle(const FileDescriptor& file, const std::string& path) override { strict_.settle(file, path); }
  void make_names_durable(const Changes& changes) override { strict_.make_names_durable(changes); }
  void make_everything_durable(const FileDescriptor&) override {}
  bool covers_all_folders() const override { return false; }
  std::string_view name() const override { return "unsettled"; }

 private:
  StrictDurability strict_;
};

std::unique_ptr<Durability> broken_on_purpose(const std::string& choice) {
  if (choice == "none") return std::make_unique<NoDurability>();
  if (choice == "unsettled") return std::make_unique<Unsettled>();
  return nullptr;
}

void acknowledge(const char* what, const std::string& key) {
  const std::string line = std::string(what) + " " + key + "\n";
  if (::write(1, line.data(), line.size()) < 0) ::_exit(1);
}

void put(FilesystemBlobStore& store, const std::string& key, std::size_t length) {
  std::string content;
  while (content.size() < length) content += key + "\n";
  content.resize(length);
  auto writer = store.create(key);
  writer->append(std::as_bytes(std::span(content)));
  writer->commit();
}

void work(FilesystemBlobStore& store, unsigned thread) {
  std::minstd_rand random(thread + 1);
  for (unsigned i = 0;; ++i) {
    const std::size_t length = i % 8 == 7 ? 1'500'000 : random() % 20'000;
    const std::string key = "2026/11/22/" + std::to_string(i / 5) + "-" + std::to_string(thread % 2) + "/" +
                            std::to_string(thread) + "-" + std::to_string(i) + "." + std::to_string(length);
    put(store, key, length);
    acknowledge("kept", key);
    if (i % 6 != 0) continue;
    acknowledge("dropping", key);
    store.remove(key);
    store.sync();
    acknowledge("gone", key);
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4 && count != 5) return 2;
  const std::string choice = arguments[2];
  StoreSettings settings{arguments[1],
                         choice == "ordered"  ? DurabilityChoice::ordered
                         : choice == "strict" ? DurabilityChoice::strict
                                              : DurabilityChoice::automatic,
                         0};
  if (count == 5) settings.journal.largest = std::strtoull(arguments[4], nullptr, 10);
  settings.journal.on_any_file_system = true;
  settings.journal.segments = 3;
  settings.journal.segment_bytes = 256 << 10;
  FilesystemBlobStore store(settings, broken_on_purpose(choice));
  acknowledge("durability", std::string(store.durability()));
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(arguments[3]); ++i)
    threads.emplace_back([&store, i] { work(store, static_cast<unsigned>(i)); });
  for (auto& thread : threads) thread.join();
}
