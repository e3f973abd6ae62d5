#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "attribute_dictionary.hpp"
#include "fermata/index.hpp"
#include "fermata/query_parameters.hpp"
#include "resource.hpp"

namespace fermata::dicomweb {

/// A search as its URL says it (PS3.18 10.6.1): what to match, what to return, which page.
///
/// **Thread**: a value. **Errors** of `parse_search`: invalid, which names the parameter.
struct SearchRequest {
  std::vector<std::byte> identifier;  ///< for Query
  std::set<dicom::Tag> named;         ///< the search names them: they are returned even without a value
  bool all = false;                   ///< whatever the level has is returned
  uint64_t offset = 0;
  uint64_t limit = UINT64_MAX;
  std::vector<std::string> warnings;  ///< what was asked for and is not done
};

/// `level`: what is searched for. `within`: the study, and the series, that the path names.
SearchRequest parse_search(Level level, const Resource& within, const QueryParameters& parameters,
                           const AttributeDictionary& dictionary);

}  // namespace fermata::dicomweb
