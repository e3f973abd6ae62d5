#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "archive_fixture.hpp"

namespace fermata::archive::testing {

/// Decides at which change to a store things go wrong, and how.
class Fuse {
 public:
  enum class Blow {
    never,
    end_before,   ///< the process ends just before the change
    end_after,    ///< and just after it
    fail_before,  ///< the change fails, and everything else goes on
    fail_after,   ///< the change happens, but its caller is told otherwise
    fail_on,      ///< this change fails, and every later one
  };

  void set(Blow how, int at_change) {
    how_ = how;
    left_ = at_change;
    dead_ = false;
    blown_ = false;
  }
  bool blown() const { return blown_; }

  /// Reading is possible until the process has ended.
  void read() const {
    if (dead_) fail();
  }
  /// One at a time: blobs are removed on several threads.
  template <class Change>
  auto change(Change&& change) {
    const std::lock_guard lock(mutex_);
    read();
    const bool now = how_ != Blow::never && --left_ <= 0 && (!blown_ || how_ == Blow::fail_on);
    if (!now) return change();
    blown_ = true;
    dead_ = how_ == Blow::end_before || how_ == Blow::end_after;
    if (how_ == Blow::end_after || how_ == Blow::fail_after) change();
    fail();
  }

 private:
  [[noreturn]] static void fail() { throw Error(Code::io, "a test lets this store fail"); }
  std::mutex mutex_;
  Blow how_ = Blow::never;
  int left_ = 0;
  std::atomic<bool> dead_{false};
  bool blown_ = false;
};

class FaultyBlobStore final : public BlobStore {
 public:
  FaultyBlobStore(BlobStore& inner, Fuse& fuse) : inner_(inner), fuse_(fuse) {}
  std::unique_ptr<BlobWriter> create(std::string_view key) override {
    fuse_.read();
    return std::make_unique<Writer>(inner_.create(key), fuse_);
  }
  std::unique_ptr<BlobReader> open(std::string_view key) override {
    fuse_.read();
    return inner_.open(key);
  }
  void remove(std::string_view key) override {
    fuse_.change([&] { inner_.remove(key); });
  }
  std::unique_ptr<BlobCursor> list(std::string_view after) override {
    fuse_.read();
    return inner_.list(after);
  }
  Capacity capacity() override { return inner_.capacity(); }
  void sync() override {
    fuse_.change([&] { inner_.sync(); });
  }

 private:
  class Writer final : public BlobWriter {
   public:
    Writer(std::unique_ptr<BlobWriter> inner, Fuse& fuse) : inner_(std::move(inner)), fuse_(fuse) {}
    void append(Bytes data) override {
      fuse_.change([&] { inner_->append(data); });
    }
    void commit() override {
      fuse_.change([&] { inner_->commit(); });
    }

   private:
    std::unique_ptr<BlobWriter> inner_;
    Fuse& fuse_;
  };
  BlobStore& inner_;
  Fuse& fuse_;
};

/// An index that remembers what a power cut would leave: the state at the last sync.
class FaultyIndex final : public Index {
 public:
  explicit FaultyIndex(Fuse& fuse) : inner_(std::make_unique<fermata::testing::MemoryIndex>()), fuse_(fuse) {}

  std::unique_ptr<IndexTransaction> begin(std::string_view study) override {
    fuse_.read();
    return std::make_unique<Transaction>(inner_->begin(study), fuse_);
  }
  std::unique_ptr<MatchCursor> find(const Query& query) override { return inner_->find(query); }
  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
    fuse_.read();
    return inner_->instances(selection);
  }
  std::unique_ptr<ChangeCursor> changes(uint64_t after) override { return inner_->changes(after); }
  IndexStatistics statistics() override { return inner_->statistics(); }
  void sync() override {
    fuse_.change([&] { make_durable(); });
  }
  void clear() override { inner_->clear(); }

  void make_durable() {
    durable_.clear();
    Selection everything;
    everything.with_headers = true;
    const auto cursor = inner_->instances(everything);
    InstanceRecord record;
    while (cursor->next(record)) durable_.push_back(StoredObject::from(record));
  }
  void cut_power() {
    inner_ = std::make_unique<fermata::testing::MemoryIndex>();
    for (const auto& object : durable_) {
      const auto transaction = inner_->begin(object.identity.study);
      transaction->upsert(object.record());
      transaction->commit();
    }
  }

 private:
  class Transaction final : public IndexTransaction {
   public:
    Transaction(std::unique_ptr<IndexTransaction> inner, Fuse& fuse) : inner_(std::move(inner)), fuse_(fuse) {}
    void upsert(const InstanceRecord& record) override { inner_->upsert(record); }
    bool remove(std::string_view sop_instance_uid) override { return inner_->remove(sop_instance_uid); }
    void commit() override {
      fuse_.change([&] { inner_->commit(); });
    }

   private:
    std::unique_ptr<IndexTransaction> inner_;
    Fuse& fuse_;
  };
  std::unique_ptr<fermata::testing::MemoryIndex> inner_;
  Fuse& fuse_;
  std::vector<StoredObject> durable_;
};

/// What it writes is durable, and so is what the index has committed before.
class FaultyStateStore final : public StateStore {
 public:
  FaultyStateStore(FaultyIndex& index, Fuse& fuse) : index_(index), fuse_(fuse) {}
  std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override {
    fuse_.read();
    return inner_.list(collection, from);
  }
  uint64_t put(std::string_view collection, std::string_view id, Bytes content, uint64_t expected) override {
    return fuse_.change([&] {
      index_.make_durable();
      return inner_.put(collection, id, content, expected);
    });
  }
  void remove(std::string_view collection, std::string_view id, uint64_t expected) override {
    fuse_.change([&] {
      index_.make_durable();
      inner_.remove(collection, id, expected);
    });
  }

 private:
  fermata::testing::MemoryStateStore inner_;
  FaultyIndex& index_;
  Fuse& fuse_;
};

}  // namespace fermata::archive::testing
