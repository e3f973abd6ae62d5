#pragma once
#include <compare>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/dicom/key.hpp"
#include "item.hpp"

namespace fermata::worklist {

/// All items in memory, in the order of their start, and by the values that queries mostly ask for: station, patient,
/// accession number, study, requested procedure.
///
/// **Thread**: its owner's lock. **Ownership**: shares the items.
class ItemIndex {
 public:
  void put(const ItemPtr& item);  ///< replaces the one of the same id
  void remove(std::string_view id);
  ItemPtr find(std::string_view id) const;  ///< null if there is none
  std::size_t size() const { return by_start_.size(); }

  /// Every item that these keys may match, in the order of their start: those of the days asked for, under the value
  /// asked for that the fewest items have. The rest of the matching is the caller's.
  std::vector<ItemPtr> candidates(const std::vector<dicom::Key>& keys) const;
  /// Items that start before this day (YYYYMMDD).
  std::vector<ItemPtr> before(std::string_view day) const;

 private:
  struct Place {
    std::string start;
    std::string id;
    friend auto operator<=>(const Place&, const Place&) = default;
  };
  using Places = std::set<Place>;
  using Value = std::pair<dicom::Tag, std::string>;

  std::map<Place, ItemPtr> by_start_;
  std::map<std::string, Place, std::less<>> by_id_;
  std::map<Value, Places> by_value_;
};

}  // namespace fermata::worklist
