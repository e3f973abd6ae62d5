#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "fermata/index.hpp"
#include "fermata/testing/stored_instance.hpp"

namespace broken_stores {

/// Hands everything on to another index, but for one defect, whose name says what is wrong.
class BrokenIndex final : public fermata::Index {
 public:
  BrokenIndex(std::unique_ptr<fermata::Index> inner, std::string defect)
      : inner_(std::move(inner)), defect_(std::move(defect)) {}

  std::unique_ptr<fermata::IndexTransaction> begin(std::string_view study_instance_uid) override;
  std::unique_ptr<fermata::MatchCursor> find(const fermata::Query& query) override;
  std::unique_ptr<fermata::InstanceCursor> instances(const fermata::Selection& selection) override;
  std::unique_ptr<fermata::ChangeCursor> changes(uint64_t after) override;
  fermata::IndexStatistics statistics() override;
  void sync() override;
  void clear() override;
  void stop() { flush(); }

 private:
  class Transaction;
  class Matches;
  class Changes;
  using Stored = std::shared_ptr<const fermata::testing::StoredInstance>;

  bool has(const char* defect) const { return defect_ == defect; }
  void flush();

  const std::unique_ptr<fermata::Index> inner_;
  const std::string defect_;
  std::mutex mutex_;
  std::vector<Stored> unwritten_;
  uint64_t upserts_ = 0;
};

}  // namespace broken_stores
