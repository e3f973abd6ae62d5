#pragma once
#include "records.hpp"

namespace fermata::index_rocksdb {

/// A study or a series in a transaction, as it was and as it will be. **Thread**: a value.
struct Entity {
  bool existed = false;
  Attributes attributes_before;
  Counts counts_before;
  Attributes attributes;
  Counts counts;
  bool in_doubt = false;  ///< an instance that may have given attributes has gone or changed

  bool exists() const { return counts.instances > 0; }
  /// How many more there will be: 1, 0 or -1.
  int difference() const { return (exists() ? 1 : 0) - (existed ? 1 : 0); }
  /// What will be has come to be.
  void settle() {
    existed = exists();
    attributes_before = attributes;
    counts_before = counts;
    in_doubt = false;
  }
};

/// A study as its last transaction left it, and the series of its last instance: the next object that comes mostly
/// belongs to both, and need not read them again.
struct RecentStudy {
  std::string study;  ///< empty: none
  Entity entity;
  std::string series;
  Entity series_entity;
};

}  // namespace fermata::index_rocksdb
