#pragma once
#include "acceptance.hpp"
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "fermata/transcoder.hpp"
#include "retrieve/instance_retrieval.hpp"
#include "retrieve/rendered_retrieval.hpp"

namespace fermata::dicomweb {

/// The older service, which takes everything from the query (WADO-URI, PS3.18 chapter 9): one instance as a file, or a
/// picture of it.
///
/// **Thread**: any. **Ownership**: all outlive it; the transcoder may be null. **Errors**: as HttpHandler says, and
/// Problem 404, 406 and 501.
class WadoUri {
 public:
  WadoUri(Archive& archive, Transcoder* transcoder, const InstanceRetrieval& instances,
          const RenderedRetrieval& rendered, const BulkDataRetrieval& bulk_data)
      : archive_(archive), transcoder_(transcoder), instances_(instances), rendered_(rendered), bulk_data_(bulk_data) {}

  void answer(HttpRequest& request, HttpResponse& response) const;

 private:
  bool sent(HttpRequest& request, HttpResponse& response, const QueryParameters& parameters,
            const InstanceRecord& record, const MediaRange& range) const;
  void send_picture(HttpRequest& request, HttpResponse& response, const QueryParameters& parameters,
                    const InstanceRecord& record, std::string_view media_type) const;
  void send_file(HttpRequest& request, HttpResponse& response, const QueryParameters& parameters,
                 const InstanceRecord& record) const;

  Archive& archive_;
  Transcoder* const transcoder_;
  const InstanceRetrieval& instances_;
  const RenderedRetrieval& rendered_;
  const BulkDataRetrieval& bulk_data_;
};

}  // namespace fermata::dicomweb
