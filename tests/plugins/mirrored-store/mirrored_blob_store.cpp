#include "mirrored_blob_store.hpp"

#include <algorithm>
#include <mutex>
#include <string>
#include <utility>

#include "fermata/error.hpp"

namespace mirrored_store {

using namespace fermata;

// tutorial: writer
/// Writes to both. What the main store refuses is refused; the copy may fall behind.
class MirroredBlobStore::Writer final : public BlobWriter {
 public:
  Writer(MirroredBlobStore& store, std::string_view key) : store_(store), key_(key), main_(store.main_.create(key)) {
    on_copy([&] { copy_ = store_.copy_.create(key_); });
  }
  void append(std::span<const std::byte> data) override {
    main_->append(data);
    if (copy_ != nullptr) on_copy([&] { copy_->append(data); });
  }
  void commit() override {
    main_->commit();
    if (copy_ != nullptr) on_copy([&] { copy_->commit(); });
  }

 private:
  template <class Step>
  void on_copy(Step&& step) {
    try {
      step();
    } catch (const Error& error) {
      copy_.reset();
      if (error.code() != Code::conflict) store_.copy_failed(key_, error);  // else a repair was quicker
    }
  }

  MirroredBlobStore& store_;
  const std::string key_;
  const std::unique_ptr<BlobWriter> main_;
  std::unique_ptr<BlobWriter> copy_;
};
// tutorial: end

// tutorial: reader
/// Reads from the main store until that fails, and from then on from the copy.
class MirroredBlobStore::Reader final : public BlobReader {
 public:
  Reader(MirroredBlobStore& store, std::string_view key) : store_(store), key_(key) {
    try {
      main_ = store_.main_.open(key);
    } catch (const Error& error) {
      if (error.code() == Code::invalid) throw;
      take_copy(error);
    }
  }
  uint64_t length() override {
    return read([](BlobReader& reader) { return reader.length(); });
  }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    return read([&](BlobReader& reader) { return reader.read_at(offset, into); });
  }

 private:
  template <class Call>
  uint64_t read(Call&& call) {
    if (const auto copy = taken_copy()) return call(*copy);
    try {
      return call(*main_);
    } catch (const Error& error) {
      take_copy(error);
    }
    return call(*taken_copy());
  }

  std::shared_ptr<BlobReader> taken_copy() {
    const std::lock_guard lock(mutex_);
    return copy_;
  }
  /// Where the copy does not have it either, the main store's answer is the one to give.
  void take_copy(const Error& main_error) {
    const std::lock_guard lock(mutex_);
    if (copy_ != nullptr) return;
    try {
      copy_ = store_.copy_.open(key_);
    } catch (const Error&) {
      throw main_error;
    }
    store_.journal_.count("read_from_copy_total", 1);
    store_.journal_.log(LogLevel::warning, "a blob is read from the copy",
                        {{"key", key_}, {"reason", main_error.what()}});
  }

  MirroredBlobStore& store_;
  const std::string key_;
  std::unique_ptr<BlobReader> main_;
  std::mutex mutex_;  // many threads may read, and find out at once that the main store fails
  std::shared_ptr<BlobReader> copy_;
};
// tutorial: end

std::unique_ptr<BlobWriter> MirroredBlobStore::create(std::string_view key) {
  return std::make_unique<Writer>(*this, key);
}

std::unique_ptr<BlobReader> MirroredBlobStore::open(std::string_view key) {
  return std::make_unique<Reader>(*this, key);
}

// tutorial: remove
/// The copy goes first: a blob that only the copy has would still be read. And once more at the end, in case a repair
/// was copying it.
void MirroredBlobStore::remove(std::string_view key) {
  const bool was_copied = remove_copy(key);
  try {
    main_.remove(key);
  } catch (const Error& error) {
    if (error.code() != Code::not_found || !was_copied) throw;
  }
  remove_copy(key);
}

bool MirroredBlobStore::remove_copy(std::string_view key) {
  try {
    copy_.remove(key);
    return true;
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
    return false;
  }
}
// tutorial: end

Capacity MirroredBlobStore::capacity() {
  const auto main = main_.capacity();
  const auto copy = copy_.capacity();
  return {std::min(main.total, copy.total), std::min(main.available, copy.available)};
}

void MirroredBlobStore::sync() {
  copy_.sync();
  main_.sync();
}

void MirroredBlobStore::copy_failed(std::string_view key, const Error& error) const {
  journal_.count("copy_failed_total", 1);
  journal_.log(LogLevel::error, "a blob is in the main store only, until the next repair",
               {{"key", std::string(key)}, {"reason", error.what()}});
}

}  // namespace mirrored_store
