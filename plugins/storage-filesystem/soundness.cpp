#include "soundness.hpp"

#include <new>
#include <string>

namespace fermata::storage_filesystem {

std::optional<Error> Soundness::fault() const {
  if (!broken_) return {};
  const std::lock_guard lock(mutex_);
  return fault_;
}

void Soundness::doubt(const Error& error) noexcept {
  if (error.code() != Code::io) return;
  const std::lock_guard lock(mutex_);
  if (fault_) return;
  try {
    fault_ = Error(Code::io, std::string("the store takes no more blobs since it met this error: ") + error.what() +
                                 "; check the file system, then restart Fermata");
  } catch (const std::bad_alloc&) {
    fault_ = error;  // which takes no memory
  }
  broken_ = true;
}

}  // namespace fermata::storage_filesystem
