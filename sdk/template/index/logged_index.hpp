#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>

#include "fermata/index.hpp"
#include "fermata/testing/memory_index.hpp"
#include "operation_log.hpp"

namespace your_plugin {

/// Answers from the index in memory, and writes down every commit before it returns.
///
/// **Thread**, **Errors**: as `fermata::Index`. **Ownership**: transactions use the index and end before it.
class LoggedIndex final : public fermata::Index {
 public:
  explicit LoggedIndex(const std::filesystem::path& log);

  std::unique_ptr<fermata::IndexTransaction> begin(std::string_view study_instance_uid) override;
  std::unique_ptr<fermata::MatchCursor> find(const fermata::Query& query) override { return memory_.find(query); }
  std::unique_ptr<fermata::InstanceCursor> instances(const fermata::Selection& selection) override {
    return memory_.instances(selection);
  }
  std::unique_ptr<fermata::ChangeCursor> changes(uint64_t after) override { return memory_.changes(after); }
  fermata::IndexStatistics statistics() override { return memory_.statistics(); }
  void sync() override;
  void clear() override;

 private:
  class Transaction;
  void replay(int64_t time_us, std::span<const std::byte> operations);

  std::mutex mutex_;     // commits are written in the order in which they become visible
  int64_t time_us_ = 0;  // of the commit that is being made
  fermata::testing::MemoryIndex memory_;
  OperationLog log_;
};

}  // namespace your_plugin
