#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fermata/blob_store.hpp"

namespace broken_stores {

/// Hands everything on to another blob store, but for one defect, whose name says what is wrong.
class BrokenBlobStore final : public fermata::BlobStore {
 public:
  BrokenBlobStore(std::unique_ptr<fermata::BlobStore> inner, std::string defect)
      : inner_(std::move(inner)), defect_(std::move(defect)) {}

  std::unique_ptr<fermata::BlobWriter> create(std::string_view key) override;
  std::unique_ptr<fermata::BlobReader> open(std::string_view key) override;
  void remove(std::string_view key) override;
  std::unique_ptr<fermata::BlobCursor> list(std::string_view after) override;
  fermata::Capacity capacity() override { return inner_->capacity(); }
  void sync() override;
  /// The plugin stops: some defects show later.
  void stop();

 private:
  class Writer;
  class Reader;
  class Cursor;

  bool has(const char* defect) const { return defect_ == defect; }
  void flush();

  const std::unique_ptr<fermata::BlobStore> inner_;
  const std::string defect_;
  std::mutex mutex_;
  std::string first_committed_;
  std::vector<std::string> to_be_removed_;
  std::vector<std::unique_ptr<fermata::BlobWriter>> uncommitted_;
};

}  // namespace broken_stores
