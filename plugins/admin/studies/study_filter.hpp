#pragma once
#include <cstdint>
#include <string>

#include "fermata/index.hpp"
#include "fermata/query_parameters.hpp"
#include "studies/search_words.hpp"
#include "studies/study_record.hpp"

namespace fermata::admin {

/// What a request for the list of studies asks for.
///
/// patient_name, description and referring_physician match beginnings, patient_id and accession_number whole values;
/// in all of them `*` stands for any text and `?` for a character. **Thread**: a value. **Errors**: invalid.
struct StudyFilter {
  Keys keys;
  SearchWords words{""};
  std::string label;
  uint64_t offset = 0;
  uint64_t limit = 50;
  Query::Order order = Query::Order::newest_first;
  bool all_series = false;  ///< also count what viewers keep for themselves

  static StudyFilter parse(const QueryParameters& parameters);
};

bool wants_all_series(const QueryParameters& parameters);

}  // namespace fermata::admin
