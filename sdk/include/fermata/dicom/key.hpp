#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "fermata/dicom/tag.hpp"

namespace fermata::dicom {

/// One key of a query's identifier, compiled: how an attribute must look to match (PS3.4 C.2.2.2).
///
/// All strings are normalised by `normalise`, so that an index can hold normalised values and compare bytes.
struct Key {
  enum class Kind : uint8_t {
    universal,    ///< empty, or only `*`: everything matches; a return key
    single,       ///< values[0]
    list,         ///< any of `values`: UIDs (C.2.2.2.2), and any other key with several values
    wildcard,     ///< any of `values`, each with `*` and `?` (C.2.2.2.4)
    range,        ///< low <= value <= high, both included; an empty bound is open (C.2.2.2.5)
    date_time,    ///< the same for a date (tag) and a time (time_tag) together, as YYYYMMDDHHMMSS.FFFFFF
    sequence,     ///< one item of the attribute matches all of `items` (C.2.2.2.6)
    name_groups,  ///< any of `values`, a person name with `=`: every group of it that is not empty matches the same
                  ///< group of the name; each may have `*` and `?`
  };
  Tag tag;
  Vr vr;
  Kind kind = Kind::universal;
  std::vector<std::string> values;
  std::string low;
  std::string high;
  Tag time_tag;
  /// Of a sequence key with an item, `universal` ones included: the keys of its item.
  std::vector<Key> items;
};

}  // namespace fermata::dicom
