#pragma once
#include <atomic>

#include "fermata/blob_store.hpp"
#include "fermata/error.hpp"

namespace fermata::benchmark {

/// Takes every blob and keeps none: what is left of an ingest is its way through the archive and the index. Ten million
/// files would measure the file system, and that is measured elsewhere.
class ForgetfulBlobStore final : public BlobStore {
 public:
  std::unique_ptr<BlobWriter> create(std::string_view) override { return std::make_unique<Writer>(); }
  std::unique_ptr<BlobReader> open(std::string_view key) override { throw missing(key); }
  void remove(std::string_view key) override { throw missing(key); }
  std::unique_ptr<BlobCursor> list(std::string_view) override { return std::make_unique<Nothing>(); }
  Capacity capacity() override { return {uint64_t{1} << 50, uint64_t{1} << 50}; }
  void sync() override {}

 private:
  static Error missing(std::string_view key) {
    return Error(Code::not_found, "blobs are not kept in this run: " + std::string(key));
  }
  struct Writer final : BlobWriter {
    void append(std::span<const std::byte>) override {}
    void commit() override {}
  };
  struct Nothing final : BlobCursor {
    bool next(BlobEntry&) override { return false; }
  };
};

}  // namespace fermata::benchmark
