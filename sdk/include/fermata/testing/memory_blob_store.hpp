#pragma once
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "fermata/blob_key.hpp"
#include "fermata/blob_store.hpp"

namespace fermata::testing {

/// A blob store in memory: the reference that says what a blob store does, and the one for tests of its users.
///
/// **Thread**, **Errors**: as `BlobStore`. **Ownership**: writers and cursors use the store and end before it; readers
/// keep their bytes.
class MemoryBlobStore final : public BlobStore {
 public:
  /// `total`: how many bytes fit in, those of unfinished writers included.
  explicit MemoryBlobStore(uint64_t total = uint64_t{1} << 30) : total_(total) {}

  std::unique_ptr<BlobWriter> create(std::string_view key) override {
    require_blob_key(key);
    return std::make_unique<Writer>(*this, std::string(key));
  }

  std::unique_ptr<BlobReader> open(std::string_view key) override {
    require_blob_key(key);
    const std::lock_guard lock(mutex_);
    const auto found = blobs_.find(key);
    if (found == blobs_.end()) throw missing(key);
    return std::make_unique<Reader>(found->second);
  }

  void remove(std::string_view key) override {
    require_blob_key(key);
    const std::lock_guard lock(mutex_);
    const auto found = blobs_.find(key);
    if (found == blobs_.end()) throw missing(key);
    used_ -= found->second->size();
    blobs_.erase(found);
  }

  std::unique_ptr<BlobCursor> list(std::string_view after) override {
    return std::make_unique<Cursor>(*this, std::string(after));
  }

  Capacity capacity() override {
    const std::lock_guard lock(mutex_);
    return {total_, total_ - used_};
  }

  void sync() override {}

 private:
  using Bytes = std::vector<std::byte>;

  static Error missing(std::string_view key) {
    return Error(Code::not_found, "there is no blob under the key " + std::string(key));
  }

  class Writer final : public BlobWriter {
   public:
    Writer(MemoryBlobStore& store, std::string key) : store_(store), key_(std::move(key)) {}
    ~Writer() override {
      const std::lock_guard lock(store_.mutex_);
      store_.used_ -= claimed_;
    }

    void append(std::span<const std::byte> data) override {
      {
        const std::lock_guard lock(store_.mutex_);
        if (data.size() > store_.total_ - store_.used_)
          throw Error(Code::no_space, "the blob store in memory is full: make it larger or remove blobs");
        store_.used_ += data.size();
        claimed_ += data.size();
      }
      bytes_.insert(bytes_.end(), data.begin(), data.end());
    }

    void commit() override {
      const std::lock_guard lock(store_.mutex_);
      if (store_.blobs_.count(key_) != 0)
        throw Error(Code::conflict, "another blob has been committed under the key " + key_);
      store_.blobs_.emplace(key_, std::make_shared<const Bytes>(std::move(bytes_)));
      claimed_ = 0;  // it is the store's now
    }

   private:
    MemoryBlobStore& store_;
    std::string key_;
    Bytes bytes_;
    uint64_t claimed_ = 0;
  };

  class Reader final : public BlobReader {
   public:
    explicit Reader(std::shared_ptr<const Bytes> bytes) : bytes_(std::move(bytes)) {}
    uint64_t length() override { return bytes_->size(); }
    uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
      if (offset >= bytes_->size()) return 0;
      const auto count = std::min<uint64_t>(into.size(), bytes_->size() - offset);
      if (count > 0) std::memcpy(into.data(), bytes_->data() + offset, count);
      return count;
    }

   private:
    std::shared_ptr<const Bytes> bytes_;
  };

  class Cursor final : public BlobCursor {
   public:
    Cursor(MemoryBlobStore& store, std::string after) : store_(store), key_(std::move(after)) {}
    bool next(BlobEntry& entry) override {
      const std::lock_guard lock(store_.mutex_);
      const auto found = store_.blobs_.upper_bound(key_);
      if (found == store_.blobs_.end()) return false;
      key_ = found->first;
      entry = {key_, found->second->size()};
      return true;
    }

   private:
    MemoryBlobStore& store_;
    std::string key_;
  };

  const uint64_t total_;
  std::mutex mutex_;
  uint64_t used_ = 0;
  std::map<std::string, std::shared_ptr<const Bytes>, std::less<>> blobs_;
};

}  // namespace fermata::testing
