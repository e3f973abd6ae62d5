#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "fermata/error.hpp"
#include "fermata/testing/memory_state_store.hpp"

namespace fermata::jobs {

/// A state store for one collection that outlives its process: a file a document, replaced in one step.
class FolderStateStore final : public StateStore {
 public:
  explicit FolderStateStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override {
    testing::MemoryStateStore read;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      if (entry.path().extension() == ".new") continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      read.put(collection, entry.path().filename().string(), std::as_bytes(std::span(content)), kAny);
    }
    return read.list(collection, from);
  }
  uint64_t put(std::string_view, std::string_view id, std::span<const std::byte> content,
               uint64_t expected_version) override {
    const auto path = folder_ / id;
    if (expected_version == kAbsent && std::filesystem::exists(path)) throw Error(Code::conflict, "it is there");
    auto fresh = path;
    fresh += ".new";
    std::ofstream file(fresh, std::ios::binary);
    file.write(reinterpret_cast<const char*>(content.data()), static_cast<std::streamsize>(content.size()));
    file.close();
    std::filesystem::rename(fresh, path);
    return 1;
  }
  void remove(std::string_view, std::string_view id, uint64_t) override { std::filesystem::remove(folder_ / id); }

 private:
  const std::filesystem::path folder_;
};

}  // namespace fermata::jobs
