#pragma once
#include <mutex>
#include <shared_mutex>
#include <string_view>

#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "fermata/worklist.hpp"
#include "item_index.hpp"
#include "search.hpp"

namespace fermata::worklist {

/// The worklist: items in the state store, and all of them in memory, by whose number it is bounded. A query takes a
/// list of those it may match under a lock, and matches without it.
///
/// **Thread**, **Errors**: see Worklist. **Ownership**: borrows the store.
class StoredWorklist final : public Worklist {
 public:
  StoredWorklist(StateStore& store, const Journal& journal) : store_(store), journal_(journal) {}

  void load();
  void put(std::string_view id, std::string_view origin, std::span<const std::byte> data_set) override;
  void remove(std::string_view id) override;
  std::unique_ptr<WorklistCursor> find(std::span<const std::byte> identifier) override;
  void set_status(std::string_view id, std::string_view status) override;

  ItemPtr item(std::string_view id) const;  ///< null if there is none
  /// Error invalid for keys that can't be.
  Search search(dicom::DataSetView identifier) const;
  /// Removes items that start before this day (YYYYMMDD) and returns how many.
  std::size_t expire(std::string_view day);
  std::size_t size() const;

 private:
  void store(const ItemPtr& item);

  StateStore& store_;
  const Journal& journal_;
  std::mutex writing_;  ///< held while the store is written, so that memory and store change in the same order
  mutable std::shared_mutex mutex_;
  ItemIndex items_;
};

}  // namespace fermata::worklist
