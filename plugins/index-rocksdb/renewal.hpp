#pragma once
#include <atomic>
#include <optional>

#include "current_index.hpp"
#include "fermata/index_renewal.hpp"

namespace fermata::index_rocksdb {

/// What is kept of an index that is being made, in the default family; its families are there before it.
struct RenewalRecord {
  uint64_t generation = 0;
  uint64_t sequence = 0;  ///< changes of the index in use up to this one are in it, or were there when it was begun
  std::string position;
};

/// Makes the index anew as another generation in the same database, so that the one log orders everything, the change
/// feed and the documents stay where they are, and taking over is one write. docs/adr/0007-reindex-online.md has the
/// whole of it.
///
/// **Thread**, **Errors**: as IndexRenewal. **Ownership**: borrows both.
class Renewal final : public IndexRenewal {
 public:
  /// Removes what neither is in use nor can be gone on with.
  Renewal(Database& database, CurrentIndex& current, Journal journal);
  std::unique_ptr<NewIndex> begin() override;
  std::unique_ptr<NewIndex> resume() override;
  bool abandon() override;

 private:
  std::optional<RenewalRecord> interrupted() const;
  bool remove_interrupted();
  std::shared_ptr<void> turn();
  void remove_leftovers();

  Database& database_;
  CurrentIndex& current_;
  const Journal journal_;
  std::atomic<bool> in_use_{false};
};

}  // namespace fermata::index_rocksdb
