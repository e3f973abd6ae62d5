#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace fermata::storage_filesystem {

/// Lets one thread at a time commit or remove the blob of a key: a record in the journal and the file that it is about
/// must change in the same order. Different keys do not wait for each other.
///
/// **Thread**: any.
class KeysInUse {
 public:
  /// Ends the use of a key at its own end.
  class Use {
   public:
    Use(KeysInUse& keys, std::string_view key) : keys_(keys), key_(key) { keys_.begin(key_); }
    ~Use() { keys_.end(key_); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    KeysInUse& keys_;
    const std::string key_;
  };

 private:
  void begin(const std::string& key);
  void end(const std::string& key);

  std::mutex mutex_;
  std::condition_variable ended_;
  std::unordered_set<std::string_view> keys_;  // each lives in its Use
  unsigned waiting_ = 0;
};

}  // namespace fermata::storage_filesystem
