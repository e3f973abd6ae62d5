#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::dicom {

/// One key of a query's identifier, compiled: how an attribute must look to match (PS3.4 C.2.2.2).
///
/// All strings are normalised by `normalise`, so that an index can hold normalised values and compare bytes.
struct Key {
  enum class Kind : uint8_t {
    universal,  ///< empty, or only `*`: everything matches; a return key
    single,     ///< values[0]
    list,       ///< any of `values`: UIDs (C.2.2.2.2), and any other key with several values
    wildcard,   ///< any of `values`, each with `*` and `?` (C.2.2.2.4)
    range,      ///< low <= value <= high, both included; an empty bound is open (C.2.2.2.5)
    date_time,  ///< the same for a date (tag) and a time (time_tag) together, as YYYYMMDDHHMMSS.FFFFFF
    sequence,   ///< one item of the attribute matches all of `items` (C.2.2.2.6)
  };
  Tag tag;
  Vr vr;
  Kind kind = Kind::universal;
  std::vector<std::string> values;
  std::string low;
  std::string high;
  Tag time_tag;
  std::vector<Key> items;
};

/// Compiles every element of an identifier except group lengths, (0008,0005), (0008,0052) and (0008,0201).
/// Error invalid for a key that can't be (a sequence of two items, a range of three parts).
inline std::vector<Key> compile(DataSetView identifier, bool combined_date_time);

/// One value as it is compared: trailing (and, where they don't count, leading) spaces removed; person names folded to
/// lower case without accents, `^` and spaces alike, empty components dropped at the end; times and dates without their
/// old separators; numbers (IS, DS) without leading zeros and signs that say nothing; everything else unchanged.
inline std::string normalise(Vr vr, std::string_view value);

/// The values of an element as an index holds them: split at `\`, each normalised; a person name gives each of its
/// component groups (alphabetic, ideographic, phonetic) as a value of its own.
inline std::vector<std::string> normalised_values(const Element& element);

/// Whether one normalised value satisfies the key; not for `sequence` and `date_time`.
inline bool matches_value(const Key& key, std::string_view normalised);

/// Whether the data set satisfies the key, or all keys. An absent or empty attribute matches universal keys only.
inline bool matches(const Key& key, DataSetView data_set);
inline bool matches(const std::vector<Key>& keys, DataSetView data_set);

/// The literal beginning of a wildcard pattern: what an ordered index can seek to.
inline std::string_view literal_prefix(std::string_view pattern);

}  // namespace fermata::dicom
