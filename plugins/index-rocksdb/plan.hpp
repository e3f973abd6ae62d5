#pragma once
#include <memory>

#include "query.hpp"
#include "reader.hpp"
#include "study_source.hpp"

namespace fermata::index_rocksdb {

/// The way to the answers of a query: from which studies, and which of their series and instances.
struct Plan {
  Restriction restriction;
  std::unique_ptr<StudySource> studies;
  bool all_match = false;  ///< each of the studies is an answer: a page can begin anywhere
};

/// Chooses it: UIDs lead straight to what they name; else the indexed key under which the fewest studies stand; else
/// all studies, newest first. Where an order is wanted few studies are sorted, many are found along it (StudyOrder).
Plan make_plan(const Reader& reader, const CompiledQuery& query);

}  // namespace fermata::index_rocksdb
