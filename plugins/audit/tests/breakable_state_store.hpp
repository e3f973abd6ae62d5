#pragma once
#include <atomic>

#include "fermata/error.hpp"
#include "fermata/testing/memory_state_store.hpp"

namespace fermata::audit_trail {

/// A state store that can't write for a while.
class BreakableStateStore final : public StateStore {
 public:
  std::atomic<bool> broken{false};

  std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override {
    return store_.list(collection, from);
  }
  uint64_t put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
               uint64_t expected_version) override {
    if (broken) throw Error(Code::io, "the disk is gone");
    return store_.put(collection, id, content, expected_version);
  }
  void remove(std::string_view collection, std::string_view id, uint64_t expected_version) override {
    if (broken) throw Error(Code::io, "the disk is gone");
    store_.remove(collection, id, expected_version);
  }

 private:
  testing::MemoryStateStore store_;
};

}  // namespace fermata::audit_trail
