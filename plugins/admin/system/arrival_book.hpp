#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "fermata/state_store.hpp"
#include "system/totals.hpp"

namespace fermata::admin {

/// What came in on each day, by the node that sent it and by modality: a document a day in the state store.
///
/// **Thread**: one at a time; `visit` any. **Errors**: those of the state store. A day that can't be read is begun
/// anew.
class ArrivalBook {
 public:
  explicit ArrivalBook(StateStore& store) : store_(store) {}

  /// `sequence` of the change: one that the day has counted already is not counted again.
  void add(uint64_t sequence, const std::string& day, std::string_view node, std::string_view modality, uint64_t bytes);
  void save();
  void forget_before(const std::string& day);

  struct Row {
    std::string_view day;  ///< "YYYYMMDD"
    std::string_view node;
    std::string_view modality;
    Totals::Amount amount;
  };
  /// From the first of the two days to the last, in their order.
  void visit(const std::string& first, const std::string& last, const std::function<void(const Row&)>& visitor) const;

 private:
  struct Day {
    uint64_t sequence = 0;
    bool changed = false;
    std::map<std::pair<std::string, std::string>, Totals::Amount> rows;
  };
  static Day parse(std::string_view text);
  Day read(const std::string& day) const;

  StateStore& store_;
  std::map<std::string, Day> open_;  ///< those that were added to since the last `save`, and the latest one
};

}  // namespace fermata::admin
