#pragma once
#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/index.hpp"
#include "fermata/testing/memory_query.hpp"
#include "fermata/testing/stored_instance.hpp"
#include "fermata/timestamp.hpp"

namespace fermata::testing {

/// An index in memory that decides by looking at every header: the reference that says what an index does, and the one
/// for tests of its users. Link fermata::sdk-matching.
///
/// **Thread**, **Errors**: as `Index`. **Ownership**: transactions use the index and end before it; cursors keep what
/// they show.
class MemoryIndex final : public Index {
 public:
  /// Microseconds since 1970-01-01 UTC.
  using Clock = std::function<int64_t()>;
  explicit MemoryIndex(Clock clock = now_us) : clock_(std::move(clock)) {}

  std::unique_ptr<IndexTransaction> begin(std::string_view study_instance_uid) override {
    return std::make_unique<Transaction>(*this, std::string(study_instance_uid));
  }

  std::unique_ptr<MatchCursor> find(const Query& query) override {
    return std::make_unique<Answers>(answer_query(query, *studies()));
  }

  std::unique_ptr<InstanceCursor> instances(const Selection& selection) override {
    return std::make_unique<Instances>(select(selection, *studies()), selection.with_headers);
  }

  std::unique_ptr<ChangeCursor> changes(uint64_t after) override {
    const std::lock_guard lock(mutex_);
    const auto first = std::min<uint64_t>(after, changes_.size());
    return std::make_unique<Changes>(
        std::vector(changes_.begin() + static_cast<std::ptrdiff_t>(first), changes_.end()));
  }

  IndexStatistics statistics() override {
    IndexStatistics s;
    const auto current = studies();
    for (const auto& [study_uid, study] : *current) {
      ++s.studies;
      for (const auto& [series_uid, series] : study.series) {
        ++s.series;
        s.instances += series.images.size();
        for (const auto& image : series.images) s.bytes += image.instance->blob_length;
      }
    }
    return s;
  }

  void sync() override {}

  void clear() override {
    const std::lock_guard lock(mutex_);
    instances_.clear();
    studies_.reset();
  }

 private:
  using Stored = std::shared_ptr<const StoredInstance>;

  struct StoredChange {
    Change change;
    Stored instance;  ///< owns the UIDs
  };

  std::shared_ptr<const Studies> studies() {
    const std::lock_guard lock(mutex_);
    if (studies_ == nullptr) {
      StoredList list;
      for (const auto& [uid, instance] : instances_) list.push_back(instance);
      studies_ = std::make_shared<const Studies>(make_studies(list));
    }
    return studies_;
  }
  Stored get(std::string_view uid) {
    const std::lock_guard lock(mutex_);
    const auto found = instances_.find(uid);
    return found == instances_.end() ? nullptr : found->second;
  }

  class Transaction final : public IndexTransaction {
   public:
    Transaction(MemoryIndex& index, std::string study) : index_(index), study_(std::move(study)) {
      std::unique_lock lock(index_.mutex_);
      index_.study_freed_.wait(lock, [&] { return index_.busy_studies_.insert(study_).second; });
    }
    ~Transaction() override {
      const std::lock_guard lock(index_.mutex_);
      index_.busy_studies_.erase(study_);
      index_.study_freed_.notify_all();
    }

    void upsert(const InstanceRecord& record) override {
      if (record.study_instance_uid != study_)
        throw Error(Code::invalid, "instance " + std::string(record.sop_instance_uid) +
                                       " is of another study than its transaction, " + study_);
      auto instance = std::make_shared<StoredInstance>(record);
      const auto before = current(record.sop_instance_uid);
      if (before != nullptr) instance->check_same_place(*before);
      staged_[instance->sop_instance] = std::move(instance);
    }

    bool remove(std::string_view uid) override {
      const auto before = current(uid);
      if (before == nullptr || before->study != study_) return false;
      staged_[std::string(uid)] = nullptr;
      return true;
    }

    void commit() override {
      const std::lock_guard lock(index_.mutex_);
      for (const auto& [uid, after] : staged_) {
        const auto before = index_.instances_.find(uid);
        if (after != nullptr && before != index_.instances_.end()) after->check_same_place(*before->second);
      }
      for (const auto& [uid, after] : staged_) index_.apply(uid, after);
      staged_.clear();
    }

   private:
    Stored current(std::string_view uid) {
      const auto staged = staged_.find(uid);
      return staged != staged_.end() ? staged->second : index_.get(uid);
    }

    MemoryIndex& index_;
    const std::string study_;
    std::map<std::string, std::shared_ptr<StoredInstance>, std::less<>> staged_;
  };

  /// Writes one instance, or takes it away where `after` is null. The lock is held.
  void apply(const std::string& uid, const std::shared_ptr<StoredInstance>& after) {
    const auto found = instances_.find(uid);
    const Stored before = found == instances_.end() ? nullptr : found->second;
    if (before == nullptr && after == nullptr) return;
    if (before != nullptr && after != nullptr && *before == *after) return;
    if (after == nullptr) {
      instances_.erase(found);
    } else {
      after->arrival = before != nullptr ? before->arrival : ++arrivals_;
      instances_.insert_or_assign(uid, after);
    }
    studies_.reset();
    note(before == nullptr  ? Change::Kind::stored
         : after == nullptr ? Change::Kind::removed
                            : Change::Kind::replaced,
         after != nullptr ? after : before);
  }

  void note(Change::Kind kind, const Stored& instance) {
    changes_.push_back(
        {{changes_.size() + 1, kind, clock_(), instance->study, instance->series, instance->sop_instance}, instance});
  }

  class Answers final : public MatchCursor {
   public:
    explicit Answers(std::vector<std::vector<std::byte>> answers) : answers_(std::move(answers)) {}
    bool next(std::span<const std::byte>& identifier) override {
      if (next_ == answers_.size()) return false;
      identifier = answers_[next_++];
      return true;
    }

   private:
    std::vector<std::vector<std::byte>> answers_;
    std::size_t next_ = 0;
  };

  class Instances final : public InstanceCursor {
   public:
    Instances(std::vector<Stored> list, bool with_headers) : list_(std::move(list)), with_headers_(with_headers) {}
    bool next(InstanceRecord& record) override {
      if (next_ == list_.size()) return false;
      record = list_[next_++]->record();
      if (!with_headers_) record.header = {};
      return true;
    }

   private:
    std::vector<Stored> list_;
    bool with_headers_;
    std::size_t next_ = 0;
  };

  class Changes final : public ChangeCursor {
   public:
    explicit Changes(std::vector<StoredChange> list) : list_(std::move(list)) {}
    bool next(Change& change) override {
      if (next_ == list_.size()) return false;
      change = list_[next_++].change;
      return true;
    }

   private:
    std::vector<StoredChange> list_;
    std::size_t next_ = 0;
  };

  const Clock clock_;
  std::mutex mutex_;
  std::condition_variable study_freed_;
  std::set<std::string> busy_studies_;
  std::map<std::string, Stored, std::less<>> instances_;
  std::shared_ptr<const Studies> studies_;  ///< made of instances_ when it is asked for
  std::vector<StoredChange> changes_;       ///< number n has the sequence n + 1
  uint64_t arrivals_ = 0;
};

}  // namespace fermata::testing
