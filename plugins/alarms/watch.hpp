#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "alarm_book.hpp"
#include "channel.hpp"
#include "fermata/journal.hpp"

namespace fermata::alarms {

using Clock = std::function<int64_t()>;  ///< microseconds since 1970-01-01 UTC
using Channels = std::vector<std::unique_ptr<Channel>>;

/// Looks at the program's conditions, and tells each channel what it has not been told. What a channel does not accept
/// is tried again at the next look; other channels do not wait for it longer than it takes.
///
/// **Thread**: one at a time. **Ownership**: borrows all it is given.
class Watch {
 public:
  Watch(HostStatus& host, StateStore& store, const Channels& channels, const Rules& rules, Clock now, Journal journal);
  void look();

 private:
  struct Listener {
    Channel& channel;
    AlarmBook book;
    bool out_of_reach = false;
  };
  std::vector<Observed> observe() const;
  void tell(Listener& listener, const std::vector<Observed>& conditions);

  HostStatus& host_;
  const Clock now_;
  const Journal journal_;
  std::vector<Listener> listeners_;
};

}  // namespace fermata::alarms
