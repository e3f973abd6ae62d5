#pragma once
#include <atomic>
#include <string>

#include "notice.hpp"

namespace fermata::alarms {

/// A way to tell somebody.
class Channel {
 public:
  virtual ~Channel() = default;
  virtual std::string name() const = 0;  ///< "mail"
  /// Returns when the other side has accepted it. **Errors**: unavailable, with what to do about it.
  virtual void send(const Notices& notices) = 0;
};

}  // namespace fermata::alarms
