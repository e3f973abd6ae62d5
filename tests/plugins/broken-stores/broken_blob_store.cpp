#include "broken_blob_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "fermata/blob_key.hpp"
#include "fermata/error.hpp"

namespace broken_stores {

using namespace fermata;

class BrokenBlobStore::Writer final : public BlobWriter {
 public:
  Writer(BrokenBlobStore& store, std::string key)
      : store_(store), key_(std::move(key)), inner_(is_blob_key(key_) ? store_.inner_->create(key_) : nullptr) {
    if (store_.has("shows unfinished")) std::exchange(inner_, nullptr)->commit();
  }
  ~Writer() override {
    if (store_.has("shows aborted") && inner_ != nullptr) inner_->commit();
  }
  void append(std::span<const std::byte> data) override {
    if (inner_ == nullptr) return;
    try {
      inner_->append(data);
    } catch (const Error& error) {
      if (!store_.has("calls a full disk broken")) throw;
      throw Error(Code::io, error.what());
    }
  }
  void commit() override {
    if (inner_ == nullptr) return;
    const std::lock_guard lock(store_.mutex_);
    if (store_.first_committed_.empty()) store_.first_committed_ = key_;
    if (store_.has("commits later")) {
      store_.uncommitted_.push_back(std::move(inner_));
      return;
    }
    if (store_.has("overwrites")) try {
        store_.inner_->remove(key_);
      } catch (const Error&) {
      }
    try {
      std::exchange(inner_, nullptr)->commit();
    } catch (const Error&) {
      if (!store_.has("loses concurrent writes")) throw;
    }
  }

 private:
  BrokenBlobStore& store_;
  const std::string key_;
  std::unique_ptr<BlobWriter> inner_;
};

class BrokenBlobStore::Reader final : public BlobReader {
 public:
  Reader(BrokenBlobStore& store, std::string key, std::unique_ptr<BlobReader> inner)
      : store_(store), key_(std::move(key)), inner_(std::move(inner)) {}
  uint64_t length() override { return inner_->length(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (store_.has("reads short")) into = into.first(std::min<std::size_t>(into.size(), 4096));
    if (store_.has("reads another range") && offset > 50'000) --offset;
    if (store_.has("looks the blob up at each read")) return store_.inner_->open(key_)->read_at(offset, into);
    return inner_->read_at(offset, into);
  }

 private:
  BrokenBlobStore& store_;
  const std::string key_;
  std::unique_ptr<BlobReader> inner_;
};

/// Gives pairs the other way round.
class BrokenBlobStore::Cursor final : public BlobCursor {
 public:
  explicit Cursor(std::unique_ptr<BlobCursor> inner) : inner_(std::move(inner)) {}
  bool next(BlobEntry& entry) override {
    if (!waiting_.empty()) {
      shown_ = std::exchange(waiting_, {});
      entry = {shown_, 0};
      return true;
    }
    BlobEntry first;
    if (!inner_->next(first)) return false;
    waiting_ = first.key;
    if (inner_->next(entry)) return true;
    shown_ = std::exchange(waiting_, {});
    entry = {shown_, 0};
    return true;
  }

 private:
  std::unique_ptr<BlobCursor> inner_;
  std::string waiting_, shown_;
};

std::unique_ptr<BlobWriter> BrokenBlobStore::create(std::string_view key) {
  if (!has("takes every key")) require_blob_key(key);
  return std::make_unique<Writer>(*this, std::string(key));
}

std::unique_ptr<BlobReader> BrokenBlobStore::open(std::string_view key) {
  if (has("crashes")) std::abort();
  if (has("throws what is no Error")) throw 42;
  flush();
  return std::make_unique<Reader>(*this, std::string(key), inner_->open(key));
}

void BrokenBlobStore::remove(std::string_view key) {
  flush();
  if (!has("removes later")) return inner_->remove(key);
  inner_->open(key);
  const std::lock_guard lock(mutex_);
  to_be_removed_.emplace_back(key);
}

std::unique_ptr<BlobCursor> BrokenBlobStore::list(std::string_view after) {
  while (has("hangs")) std::this_thread::sleep_for(std::chrono::seconds(1));
  flush();
  std::string place(after);
  if (has("lists the place again") && !place.empty()) place.pop_back();
  auto inner = inner_->list(place);
  if (!has("lists in another order")) return inner;
  return std::make_unique<Cursor>(std::move(inner));
}

void BrokenBlobStore::sync() {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& key : std::exchange(to_be_removed_, {})) inner_->remove(key);
  }
  inner_->sync();
}

void BrokenBlobStore::stop() {
  flush();
  if (has("forgets the first blob")) inner_->remove(first_committed_);
}

void BrokenBlobStore::flush() {
  const std::lock_guard lock(mutex_);
  for (auto& writer : std::exchange(uncommitted_, {})) writer->commit();
}

}  // namespace broken_stores
