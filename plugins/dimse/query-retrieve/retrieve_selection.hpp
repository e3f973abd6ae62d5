#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/archive.hpp"
#include "query-retrieve/query_retrieve_request.hpp"

namespace fermata::dimse {

/// Which instances a C-GET or C-MOVE identifier means (PS3.4 C.4.2.2.1): those that have the unique key of its level, a
/// single value or a list, and the unique keys of the levels above as far as they are given (relational, C.4.2.2.2).
///
/// Patient ID counts in the models that have a PATIENT level. Keys of lower levels, and all others, are ignored.
/// **Ownership**: owns the values that `selection` points to; not to be moved while one is in use.
/// **Errors**: the constructor throws RequestRefused, 0xA900, if the unique key has no value.
class RetrieveSelection {
 public:
  explicit RetrieveSelection(const QueryRetrieveRequest& request);
  Selection selection() const;

 private:
  struct Values {
    std::vector<std::string> values;
    std::vector<std::string_view> views;
    void set(std::vector<std::string> list);
  };
  Values patients_;
  Values studies_;
  Values series_;
  Values instances_;
};

/// How many instances there are to send, and of which kinds: enough to count and to negotiate, whatever their number.
struct RetrieveSurvey {
  uint64_t instances = 0;
  std::map<std::pair<std::string, std::string>, uint64_t> kinds;  ///< by SOP Class and transfer syntax

  /// Looks at all of them once. `interrupted` is asked now and then; true ends the survey early.
  static RetrieveSurvey take(Archive& archive, const Selection& selection, const std::function<bool()>& interrupted);
};

}  // namespace fermata::dimse
