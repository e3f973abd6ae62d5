#include "memory.hpp"

#include <string>

#include "fermata/error.hpp"

namespace fermata::codecs {

Memory::Memory(uint64_t bytes, std::filesystem::path spool_folder, std::chrono::milliseconds patience)
    : bytes_(bytes), spool_folder_(std::move(spool_folder)), patience_(patience), free_(bytes) {}

std::shared_ptr<Memory::Share> Memory::reserve(uint64_t bytes) {
  auto share = std::make_shared<Share>(*this);
  share->resize(bytes);
  return share;
}

void Memory::Share::resize(uint64_t bytes) {
  if (bytes <= bytes_) {
    memory_.give(bytes_ - bytes);
    bytes_ = bytes;
    return;
  }
  memory_.give(bytes_);
  bytes_ = 0;
  memory_.take(bytes);
  bytes_ = bytes;
}

void Memory::take(uint64_t bytes) {
  if (bytes > bytes_)
    throw Error(Code::unsupported, "a frame of this object takes " + std::to_string(bytes >> 20) +
                                       " MiB to decode or encode, which is more than `transcoding_memory` allows (" +
                                       std::to_string(bytes_ >> 20) + " MiB)");
  std::unique_lock lock(mutex_);
  while (free_ < bytes)
    if (released_.wait_for(lock, patience_) == std::cv_status::timeout && free_ < bytes)
      throw Error(Code::unavailable,
                  "other transcodings hold all of `transcoding_memory`; try again later, or allow more of it");
  free_ -= bytes;
}

void Memory::give(uint64_t bytes) {
  if (bytes == 0) return;
  {
    const std::lock_guard lock(mutex_);
    free_ += bytes;
  }
  released_.notify_all();
}

}  // namespace fermata::codecs
