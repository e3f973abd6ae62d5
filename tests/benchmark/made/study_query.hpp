#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "study.hpp"

namespace fermata::benchmark {

/// A way to look for studies, as a person at a viewer does it.
struct StudyQuery {
  const char* name;
  uint16_t group, element;
  /// What is asked for when this study is meant.
  std::string (*value)(const Study&);
};

/// id, name, prefix, date, accession, inside (a name with a leading *); in this order.
const std::vector<StudyQuery>& study_queries();
/// Nothing if there is none of that name.
const StudyQuery* study_query(std::string_view name);

/// The identifier of a query at STUDY level in Explicit VR Little Endian: what viewers list, and the one key.
/// `level`: with (0008,0052), as a C-FIND needs it and an index does not.
std::vector<std::byte> identifier(const StudyQuery& query, const std::string& value, bool level);
/// The same without a key.
std::vector<std::byte> identifier_of_all();

}  // namespace fermata::benchmark
