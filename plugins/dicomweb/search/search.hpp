#pragma once
#include <cstdint>
#include <string>

#include "attribute_dictionary.hpp"
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "search/search_request.hpp"

namespace fermata::dicomweb {

/// Searches for studies, series and instances (QIDO-RS, PS3.18 10.6), newest studies first. Each match goes out as it
/// is found.
///
/// **Thread**: any. **Ownership**: archive and dictionary outlive it. **Errors**: as HttpHandler says, and Problem 406.
class Search {
 public:
  /// One search gives no more than `maximum_results`; the answer warns of others.
  Search(Archive& archive, const AttributeDictionary& dictionary, std::string root, uint64_t maximum_results)
      : archive_(archive), dictionary_(dictionary), root_(std::move(root)), maximum_results_(maximum_results) {}

  void answer(Level level, HttpRequest& request, HttpResponse& response) const;

 private:
  uint64_t results_beyond(const Query& query, uint64_t at_most) const;

  Archive& archive_;
  const AttributeDictionary& dictionary_;
  const std::string root_;
  const uint64_t maximum_results_;
};

}  // namespace fermata::dicomweb
