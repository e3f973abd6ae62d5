#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "fermata/state_store.hpp"
#include "performed_step.hpp"

namespace fermata::mpps {

/// Keeps performed procedure steps. Nothing is held in memory: a step is read when it is asked for.
///
/// **Thread**: any. **Errors**: io, corrupt, unsupported.
class StepStore {
 public:
  explicit StepStore(StateStore& store) : store_(store) {}

  /// False if there is one with this SOP Instance UID.
  bool add(const PerformedStep& step);
  std::optional<PerformedStep> find(std::string_view sop_instance_uid);
  /// Changes a step as it is at that moment, also if others change it too: `change` may be called more than once, and
  /// what it throws passes through. Empty if there is no such step.
  std::optional<PerformedStep> change(std::string_view sop_instance_uid,
                                      const std::function<void(PerformedStep&)>& change);

  /// In the order of their SOP Instance UIDs. What can't be read is passed to `problem` and left out.
  using Visit = std::function<void(PerformedStep&&)>;
  using Problem = std::function<void(const std::string&)>;
  void for_each(const Visit& visit, const Problem& problem);
  /// Removes steps whose last change is before that moment, and returns how many.
  std::size_t remove_older_than(int64_t us);

 private:
  struct Versioned {
    PerformedStep step;
    uint64_t version = 0;
  };
  std::optional<Versioned> read(std::string_view sop_instance_uid);

  StateStore& store_;
};

}  // namespace fermata::mpps
