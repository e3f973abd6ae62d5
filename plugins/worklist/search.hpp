#pragma once
#include <cstddef>
#include <vector>

#include "fermata/dicom/key.hpp"
#include "item.hpp"

namespace fermata::worklist {

/// The answers to one query, found one by one among the items that were there when it began.
///
/// **Thread**: one at a time. **Ownership**: shares the items.
class Search {
 public:
  Search(std::vector<dicom::Key> keys, std::vector<ItemPtr> candidates)
      : keys_(std::move(keys)), candidates_(std::move(candidates)) {}

  ItemPtr next();  ///< null: that was all
  const std::vector<dicom::Key>& keys() const { return keys_; }
  /// Whether the query says itself which status it wants.
  bool asks_for_status() const;

 private:
  const std::vector<dicom::Key> keys_;
  const std::vector<ItemPtr> candidates_;
  std::size_t at_ = 0;
};

}  // namespace fermata::worklist
