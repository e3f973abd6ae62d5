#pragma once
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "fermata/blob_store.hpp"

namespace your_plugin {

/// Blobs as files: `blobs/<key>` is a blob, `incoming/` has what is not committed yet and is emptied at every start.
///
/// **Thread**, **Ownership**, **Errors**: as `fermata::BlobStore`.
class FolderBlobStore final : public fermata::BlobStore {
 public:
  explicit FolderBlobStore(const std::filesystem::path& folder);

  std::unique_ptr<fermata::BlobWriter> create(std::string_view key) override;
  std::unique_ptr<fermata::BlobReader> open(std::string_view key) override;
  void remove(std::string_view key) override;
  std::unique_ptr<fermata::BlobCursor> list(std::string_view after) override;
  fermata::Capacity capacity() override;
  void sync() override;

 private:
  std::filesystem::path path_of(std::string_view key) const { return blobs_ / key; }

  const std::filesystem::path blobs_;
  const std::filesystem::path incoming_;
  std::atomic<uint64_t> number_{0};
};

}  // namespace your_plugin
