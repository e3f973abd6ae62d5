#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fermata/state_store.hpp"
#include "notice.hpp"

namespace fermata::alarms {

struct Rules {
  ConditionLevel level = ConditionLevel::warning;  ///< the least that is told
  int64_t delay_us = 0;                            ///< what comes or goes for less is not told
  int64_t repeat_us = 0;                           ///< what lasts is told again after this
};

/// What one channel has been told already; it survives restarts, so that nobody is told twice.
///
/// **Thread**: one at a time. **Errors**: those of the state store. A document that can't be read counts as not there.
class AlarmBook {
 public:
  AlarmBook(StateStore& store, std::string channel, const Rules& rules);

  /// What the channel is to be told now. A condition counts as over when it was not there for `delay`: after a restart
  /// it takes a while until plugins have told theirs.
  Notices due(const std::vector<Observed>& conditions, int64_t now_us);
  /// It has been.
  void told(const Notices& notices, int64_t now_us);

 private:
  struct Told {
    Observed what;
    int64_t told_us = 0;
    int64_t absent_us = 0;  ///< since when it is not there; 0: it is
  };
  static std::string key_of(const Observed& what) { return what.plugin + "/" + what.condition; }
  std::string id_of(const std::string& key) const { return channel_ + "/" + key; }
  void load();

  StateStore& store_;
  const std::string channel_;
  const Rules rules_;
  std::map<std::string, Told> told_;
};

}  // namespace fermata::alarms
