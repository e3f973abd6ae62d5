#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "fermata/error.hpp"
#include "fermata/testing/memory_blob_store.hpp"

namespace mirrored_store {

// tutorial: failing
/// A store in memory that fails while `failing` is set, as a disk does that was pulled out.
class FailingBlobStore final : public fermata::BlobStore {
 public:
  std::atomic<bool> failing{false};

  std::unique_ptr<fermata::BlobWriter> create(std::string_view key) override {
    check();
    return std::make_unique<Writer>(*this, memory_.create(key));
  }
  std::unique_ptr<fermata::BlobReader> open(std::string_view key) override {
    check();
    return std::make_unique<Reader>(*this, memory_.open(key));
  }
  // tutorial: end
  void remove(std::string_view key) override {
    check();
    memory_.remove(key);
  }
  std::unique_ptr<fermata::BlobCursor> list(std::string_view after) override {
    check();
    return memory_.list(after);
  }
  fermata::Capacity capacity() override { return memory_.capacity(); }
  void sync() override { check(); }

 private:
  void check() const {
    if (failing) throw fermata::Error(fermata::Code::io, "the disk is gone");
  }

  class Writer final : public fermata::BlobWriter {
   public:
    Writer(FailingBlobStore& store, std::unique_ptr<fermata::BlobWriter> inner)
        : store_(store), inner_(std::move(inner)) {}
    void append(std::span<const std::byte> data) override {
      store_.check();
      inner_->append(data);
    }
    void commit() override {
      store_.check();
      inner_->commit();
    }

   private:
    FailingBlobStore& store_;
    std::unique_ptr<fermata::BlobWriter> inner_;
  };

  class Reader final : public fermata::BlobReader {
   public:
    Reader(FailingBlobStore& store, std::unique_ptr<fermata::BlobReader> inner)
        : store_(store), inner_(std::move(inner)) {}
    uint64_t length() override {
      store_.check();
      return inner_->length();
    }
    uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
      store_.check();
      return inner_->read_at(offset, into);
    }

   private:
    FailingBlobStore& store_;
    std::unique_ptr<fermata::BlobReader> inner_;
  };

  fermata::testing::MemoryBlobStore memory_;
};

inline void put(fermata::BlobStore& store, std::string_view key, std::string_view content) {
  const auto writer = store.create(key);
  writer->append(std::as_bytes(std::span(content.data(), content.size())));
  writer->commit();
}

/// The content, or the number of the error.
inline std::string get(fermata::BlobStore& store, std::string_view key) {
  try {
    const auto reader = store.open(key);
    std::string content(reader->length(), '\0');
    reader->read_at(0, std::as_writable_bytes(std::span(content)));
    return content;
  } catch (const fermata::Error& error) {
    return "error " + std::to_string(static_cast<int>(error.code()));
  }
}
inline const std::string kNotFound = "error 4";

inline std::vector<std::string> keys(fermata::BlobStore& store) {
  std::vector<std::string> found;
  const auto cursor = store.list({});
  for (fermata::BlobEntry entry; cursor->next(entry);) found.emplace_back(entry.key);
  return found;
}

}  // namespace mirrored_store
