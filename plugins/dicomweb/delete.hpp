#pragma once
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"

namespace fermata::dicomweb {

/// Removes a study, a series or an instance for good (PS3.18 10.8: Delete Transaction of the Studies Service).
///
/// **Thread**: any. **Ownership**: the archive outlives it. **Errors**: those of Archive::remove, and Problem 404.
class Deletion {
 public:
  explicit Deletion(Archive& archive) : archive_(archive) {}
  void answer(HttpRequest& request, HttpResponse& response) const;

 private:
  Archive& archive_;
};

}  // namespace fermata::dicomweb
