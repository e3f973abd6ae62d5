#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"

namespace fermata::admin {

/// Finds one study for somebody. Whatever a request does with a study begins here: one that its sender may not know of
/// is not found.
///
/// **Thread**: any. **Ownership**: borrows the archive. **Errors**: not_found, and those of the archive.
class StudyFinder {
 public:
  explicit StudyFinder(Archive& archive) : archive_(archive) {}

  /// The study named by the route's parameter "study", as `study_object` has it.
  boost::json::object find(HttpRequest& request) const;
  /// With "series_list". Without what viewers keep for themselves, unless the query says all_series=true.
  boost::json::object find_with_series(HttpRequest& request) const;
  /// Error not_found unless the sender may know of it, wherever it is.
  static void require_visible(HttpRequest& request, std::string_view study);

 private:
  Archive& archive_;
};

/// Error not_found where a UID can't be one: it would match others too.
void require_single_uid(std::string_view uid);

}  // namespace fermata::admin
