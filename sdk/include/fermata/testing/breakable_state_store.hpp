#pragma once
#include <atomic>

#include "fermata/error.hpp"
#include "fermata/testing/memory_state_store.hpp"

namespace fermata::testing {

/// A state store in memory that counts its writes, and fails on request. **Thread**: any.
class BreakableStateStore final : public StateStore {
 public:
  std::atomic<bool> broken = false;
  std::atomic<int> writes = 0;

  std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override {
    return store_.list(collection, from);
  }
  uint64_t put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
               uint64_t expected_version) override {
    count_write();
    return store_.put(collection, id, content, expected_version);
  }
  void remove(std::string_view collection, std::string_view id, uint64_t expected_version) override {
    count_write();
    store_.remove(collection, id, expected_version);
  }
  void put_text(std::string_view collection, std::string_view id, std::string_view text) {
    put(collection, id, std::as_bytes(std::span(text)), kAny);
  }

 private:
  void count_write() {
    ++writes;
    if (broken) throw Error(Code::io, "the disk is gone");
  }

  MemoryStateStore store_;
};

}  // namespace fermata::testing
