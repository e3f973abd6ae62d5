#pragma once
#include <span>
#include <string>

#include "acceptance.hpp"
#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "fermata/transcoder.hpp"
#include "retrieve/frame_retrieval.hpp"

namespace fermata::dicomweb {

/// Retrieves one value of an instance (PS3.18 10.4.1.1.5) by the URL that its metadata names.
///
/// Read from the object as stored where its bytes are little endian there; in a deflated or big endian one they are
/// made so first. Pixel data in fragments is sent as frames, video as one bit stream. **Thread**: any. **Ownership**:
/// all outlive it; the transcoder may be null. **Errors**: as HttpHandler says, and Problem 404, 406 and 501.
class BulkDataRetrieval {
 public:
  BulkDataRetrieval(Archive& archive, Transcoder* transcoder, const FrameRetrieval& frames)
      : archive_(archive), transcoder_(transcoder), frames_(frames) {}
  void answer(HttpRequest& request, HttpResponse& response) const;
  /// The document that an instance holds, such as a PDF, by its own media type. False where it holds none, or where
  /// that type is not accepted. `record` with its header.
  bool sent_document(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                     std::span<const MediaRange> accepted) const;

 private:
  Archive& archive_;
  Transcoder* const transcoder_;
  const FrameRetrieval& frames_;
};

/// The path of a value below that of its instance: "/bulkdata/7FE00010".
void append_bulk_data_path(std::string& to, uint32_t tag);

}  // namespace fermata::dicomweb
