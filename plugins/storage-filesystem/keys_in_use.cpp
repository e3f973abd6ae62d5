#include "keys_in_use.hpp"

namespace fermata::storage_filesystem {

void KeysInUse::begin(const std::string& key) {
  std::unique_lock lock(mutex_);
  ++waiting_;
  ended_.wait(lock, [&] { return keys_.insert(key).second; });
  --waiting_;
}

void KeysInUse::end(const std::string& key) {
  const std::lock_guard lock(mutex_);
  keys_.erase(key);
  if (waiting_ != 0) ended_.notify_all();
}

}  // namespace fermata::storage_filesystem
