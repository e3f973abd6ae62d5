#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "stored_object.hpp"

namespace fermata::archive {

/// An object whose blob is damaged or gone, and that somebody was asked to send again. **Thread**: any.
struct AwaitedObject {
  explicit AwaitedObject(StoredObject damaged) : record(std::move(damaged)) {}

  void came(std::string what) {
    const std::lock_guard lock(mutex_);
    came_ = std::move(what);
  }
  void was_refused(std::string why) {
    const std::lock_guard lock(mutex_);
    problem_ = std::move(why);
  }
  /// What has come in place of the damaged blob, for people; empty: nothing.
  std::string came() const {
    const std::lock_guard lock(mutex_);
    return came_;
  }
  /// Why the last one that came was not taken; empty: none came.
  std::string problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
  }

  const StoredObject record;  ///< with header

 private:
  mutable std::mutex mutex_;
  std::string came_;
  std::string problem_;
};

/// Those that are awaited at the moment. **Thread**: any.
class AwaitedObjects {
 public:
  /// Awaits an object as long as it lives.
  class Wait {
   public:
    Wait(AwaitedObjects& all, StoredObject damaged)
        : all_(all), object_(std::make_shared<AwaitedObject>(std::move(damaged))) {
      const std::lock_guard lock(all_.mutex_);
      all_.objects_[object_->record.identity.sop_instance] = object_;
    }
    ~Wait() {
      const std::lock_guard lock(all_.mutex_);
      all_.objects_.erase(object_->record.identity.sop_instance);
    }
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;
    const AwaitedObject& object() const { return *object_; }

   private:
    AwaitedObjects& all_;
    const std::shared_ptr<AwaitedObject> object_;
  };

  /// Null: it is not awaited.
  std::shared_ptr<AwaitedObject> find(std::string_view sop_instance_uid) const {
    const std::lock_guard lock(mutex_);
    const auto found = objects_.find(sop_instance_uid);
    return found == objects_.end() ? nullptr : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<AwaitedObject>, std::less<>> objects_;
};

}  // namespace fermata::archive
