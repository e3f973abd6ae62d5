#pragma once
#include <cstdint>
#include <functional>
#include <string_view>

#include "fermata/blob_store.hpp"

namespace mirrored_store {

/// What a repair has found and done.
struct RepairReport {
  uint64_t equal = 0;
  uint64_t copied = 0;
  uint64_t only_in_copy = 0;
  uint64_t restored = 0;  ///< of those, put back into the main store
  uint64_t failed = 0;
};

// tutorial: repair-class
/// Walks through both stores at once, in the order of their keys, and completes the copy. Memory does not grow with
/// them.
///
/// **Thread**: one at a time; others may write meanwhile. **Errors**: what can't be copied is counted and told, and the
/// next one is tried; a store that can't be listed ends it.
class MirrorRepair {
 public:
  enum class Lost { report, restore };  ///< what becomes of blobs that only the copy has
  using Tell = std::function<void(std::string_view key, std::string_view what)>;

  MirrorRepair(fermata::BlobStore& main, fermata::BlobStore& copy, Lost lost) : main_(main), copy_(copy), lost_(lost) {}
  /// Ends early when `wanted` says so.
  RepairReport run(const Tell& tell, const std::function<bool()>& wanted);
  // tutorial: end

 private:
  void complete(std::string_view key);
  void attempt(std::string_view key, const Tell& tell, uint64_t& done, const std::function<void()>& step);
  void handle_lost(std::string_view key, const Tell& tell);

  fermata::BlobStore& main_;
  fermata::BlobStore& copy_;
  const Lost lost_;
  RepairReport report_;
};

}  // namespace mirrored_store
