#pragma once
#include <string>

#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "fermata/journal.hpp"
#include "fermata/transcoder.hpp"
#include "retrieve/retrieval_plan.hpp"

namespace fermata::dicomweb {

/// Retrieves the instances of a study, of a series, or one (PS3.18 10.4.1.1.1): DICOM files as parts of a body, as a
/// ZIP file, or one alone.
///
/// Objects are streamed one after the other, as stored where that is accepted. **Thread**: any. **Ownership**: archive
/// and transcoder outlive it; the transcoder may be null. **Errors**: as HttpHandler says, and Problem 404 and 406.
class InstanceRetrieval {
 public:
  InstanceRetrieval(Archive& archive, Transcoder* transcoder, std::string root, Journal journal)
      : archive_(archive), transcoder_(transcoder), root_(std::move(root)), journal_(std::move(journal)) {}

  void answer(HttpRequest& request, HttpResponse& response) const;
  /// One instance as a file of known length.
  void send_file(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                 const ChosenTransferSyntax& chosen) const;

 private:
  void send(HttpRequest& request, HttpResponse& response, const Resource& resource, RetrievalPlan& plan) const;
  void send_parts(HttpRequest& request, HttpResponse& response, ResourceInstances& instances,
                  RetrievalPlan& plan) const;
  void send_zip(HttpResponse& response, const Resource& resource, ResourceInstances& instances,
                RetrievalPlan& plan) const;

  Archive& archive_;
  Transcoder* const transcoder_;
  const std::string root_;
  const Journal journal_;
};

}  // namespace fermata::dicomweb
