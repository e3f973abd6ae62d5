#pragma once
#include <cstdint>
#include <memory>
#include <string_view>

#include "fermata/c/index_renewal.h"
#include "fermata/index.hpp"

namespace fermata {

/// An index that is being made beside the one in use. Nobody sees it until it takes over.
/// **Thread**: one at a time. **Ownership**: ended before it takes over, it stays on the disk for `resume`.
/// **Errors**: those of the index.
class NewIndex {
 public:
  virtual ~NewIndex() = default;
  /// What was saved last; empty at the beginning. Valid until the next `save`.
  virtual std::string_view position() = 0;
  /// Puts an instance in, in the place of whatever has its SOP Instance UID, under any study.
  virtual void put(const InstanceRecord& record) = 0;
  virtual std::unique_ptr<InstanceCursor> instances(const Selection& selection) = 0;
  /// Durable when it returns, with everything that was put in before.
  virtual void save(std::string_view position) = 0;
  /// Takes over at most so many changes that the index in use has seen since the beginning: each instance becomes here
  /// what it is there. Returns how many these were; 0: there are no more.
  virtual uint64_t catch_up(uint64_t most) = 0;
  virtual IndexStatistics statistics() = 0;
  /// Lets transactions wait, catches up, and is the index from then on, durably, in one step. What was begun on the old
  /// one ends there. No transaction may be open on this thread. Of this object nothing may be called any more.
  virtual void take_over() = 0;
};

/// Makes an index anew while it is in use.
///
/// *Provided by* index plugins that can; *used by* the archive, which fills the new one from the blobs.
/// **Thread**: any; one new index at a time. **Durability**: whenever the program ends, the next start finds the old
/// index or the new one, whole, and in the first case what was saved of the new one. Changes go on in one sequence.
/// **Errors**: conflict (one is being made), and those of the index.
class IndexRenewal {
 public:
  static constexpr const char* kId = FERMATA_INDEX_RENEWAL_ID;
  virtual ~IndexRenewal() = default;
  /// An empty one; what an interrupted one has left goes.
  virtual std::unique_ptr<NewIndex> begin() = 0;
  /// The one that was interrupted. Error not_found: there is none.
  virtual std::unique_ptr<NewIndex> resume() = 0;
  /// Removes the one that was interrupted. False: there was none.
  virtual bool abandon() = 0;
};

}  // namespace fermata

#include "fermata/bridge/index_renewal.hpp"  // IWYU pragma: export
