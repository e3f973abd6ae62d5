#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/trash.hpp"
#include "studies/label_store.hpp"

namespace fermata::admin {

/// Forgets the labels of studies that are neither in the archive nor in its trash any more: they were removed for good,
/// or the trash has purged them in its own time.
///
/// **Thread**: one at a time. **Ownership**: borrows all; `trash` may be null. **Errors**: those of archive and stores;
/// the next step goes on.
class LabelCare {
 public:
  using Clock = std::function<int64_t()>;  ///< microseconds since 1970-01-01 UTC

  LabelCare(LabelStore& labels, Archive& archive, Trash* trash, Clock clock)
      : labels_(labels), archive_(archive), trash_(trash), clock_(std::move(clock)) {}

  /// Something of this study has gone; the next step looks whether all of it has.
  void removed(std::string_view study);
  /// Looks at those, and every hour at all studies that have labels.
  void step();

 private:
  using Studies = std::set<std::string, std::less<>>;

  void forget_gone(Studies studies);
  void keep_absent(Studies& studies) const;

  LabelStore& labels_;
  Archive& archive_;
  Trash* const trash_;
  const Clock clock_;
  Studies removed_;
  std::optional<int64_t> swept_us_;
};

}  // namespace fermata::admin
