#pragma once
#include <string>

#include "attribute_dictionary.hpp"
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"

namespace fermata::dicomweb {

/// Retrieves the metadata of a study, a series, or one instance (PS3.18 10.4.1.1.2): headers as the index keeps them,
/// with references in place of bulk data.
///
/// Streamed as the index gives them; no object is opened. **Thread**: any. **Ownership**: archive and dictionary
/// outlive it. **Errors**: as HttpHandler says, and Problem 404 and 406.
class MetadataRetrieval {
 public:
  MetadataRetrieval(Archive& archive, const AttributeDictionary& dictionary, std::string root)
      : archive_(archive), dictionary_(dictionary), root_(std::move(root)) {}
  void answer(HttpRequest& request, HttpResponse& response) const;

 private:
  Archive& archive_;
  const AttributeDictionary& dictionary_;
  const std::string root_;
};

}  // namespace fermata::dicomweb
