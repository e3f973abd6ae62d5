#pragma once
#include <atomic>
#include <mutex>
#include <optional>

#include "fermata/error.hpp"

namespace fermata::storage_filesystem {

/// Whether what the disk says about this store can still be believed. It can't once a wait for the disk has failed:
/// what the kernel failed to write it reports once, and may report as written the next time. Then the store takes no
/// more blobs until it is opened again.
///
/// **Thread**: any. **Errors**: `require` throws io, with what happened first.
class Soundness {
 public:
  void require() const {
    if (const auto error = fault()) throw *error;
  }
  std::optional<Error> fault() const;
  /// What happened. Only errors of input and output count: being out of space passes.
  void doubt(const Error& error) noexcept;

 private:
  std::atomic<bool> broken_{false};
  mutable std::mutex mutex_;
  std::optional<Error> fault_;
};

}  // namespace fermata::storage_filesystem
