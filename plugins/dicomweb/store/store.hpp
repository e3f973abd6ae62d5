#pragma once
#include <cstdint>
#include <deque>
#include <string>

#include "attribute_dictionary.hpp"
#include "audit_notes.hpp"
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "fermata/journal.hpp"
#include "fermata/memory_budget.hpp"
#include "media_type.hpp"
#include "settings.hpp"
#include "store/finishing_threads.hpp"
#include "store/multipart_reader.hpp"
#include "store/store_session.hpp"

namespace fermata::dicomweb {

/// Stores what a request brings (STOW-RS, PS3.18 10.5): DICOM files, each going into the archive as it arrives, or
/// metadata with bulk data.
///
/// What was stored stays, whatever becomes of the rest of the request. **Thread**: any. **Ownership**: all it is
/// given outlives it. **Errors**: as HttpHandler says, and Problem 400, 413 and 415.
class Store {
 public:
  Store(Archive& archive, const AttributeDictionary& dictionary, const Settings& settings, Journal journal,
        const AuditNotes& notes);

  void answer(HttpRequest& request, HttpResponse& response);

 private:
  void take_in(HttpRequest& request, StoreSession& session);
  void take_in_parts(HttpRequest& request, const MediaType& type, StoreSession& session);
  void take_in_descriptions(MultipartReader& parts, StoreSession& session);
  void report(HttpRequest& request, HttpResponse& response, const std::deque<StoreResult>& results) const;

  Archive& archive_;
  const AttributeDictionary& dictionary_;
  const std::string root_;
  const std::string temporary_folder_;
  const std::size_t maximum_parts_;
  const uint64_t temporary_space_;
  const Journal journal_;
  MemoryBudget description_memory_;
  const AuditNotes& notes_;
  FinishingThreads threads_;
};

}  // namespace fermata::dicomweb
