#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "fermata/archive.hpp"
#include "send_parameters.hpp"
#include "send_state.hpp"

namespace fermata::transfers {

/// SOP classes, and the transfer syntaxes in which they are stored.
using StoredKinds = std::map<std::string, std::set<std::string>, std::less<>>;

/// The instances of a job in their order: study after study, series after series.
///
/// **Thread**: one at a time. **Ownership**: borrows the archive. **Errors**: those of Archive::instances.
class SendPlan {
 public:
  SendPlan(Archive& archive, const SendParameters& parameters, const SendState& state);

  struct Survey {
    uint64_t instances = 0;
    StoredKinds kinds;
  };
  Survey survey() const;

  /// The next instance after what `state` says is through; moves `state.unit` on with it. Where the instance that it
  /// stands at is gone, its study is begun anew.
  bool next(SendState& state, InstanceRecord& record);

 private:
  struct Unit {
    Level level;
    std::string uid;
  };
  std::unique_ptr<InstanceCursor> open(const Unit& unit) const;
  std::unique_ptr<InstanceCursor> open_after(const Unit& unit, const std::string& sop_instance_uid) const;

  Archive& archive_;
  std::vector<Unit> units_;
  std::unique_ptr<InstanceCursor> cursor_;
};

}  // namespace fermata::transfers
