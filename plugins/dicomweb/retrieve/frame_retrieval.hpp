#pragma once
#include <memory>
#include <string>

#include "fermata/archive.hpp"
#include "fermata/http_router.hpp"
#include "fermata/journal.hpp"
#include "fermata/transcoder.hpp"
#include "retrieve/frame_numbers.hpp"

namespace fermata::dicomweb {

/// Retrieves frames of one instance (PS3.18 10.4.1.1.6), each as pixels or as a compressed bit stream.
///
/// The first frame is found and decoded before the answer begins, the others while it is sent. **Thread**: any.
/// **Ownership**: archive and transcoder outlive it; the transcoder may be null. **Errors**: as HttpHandler says, and
/// Problem 404, 406 and 501.
class FrameRetrieval {
 public:
  FrameRetrieval(Archive& archive, Transcoder* transcoder, std::string root, Journal journal)
      : archive_(archive), transcoder_(transcoder), root_(std::move(root)), journal_(std::move(journal)) {}

  void answer(HttpRequest& request, HttpResponse& response) const;
  /// All frames there are. `record` with its header.
  void send_all(HttpRequest& request, HttpResponse& response, const InstanceRecord& record) const;

 private:
  void send(HttpRequest& request, HttpResponse& response, const InstanceRecord& record, FrameReader& frames,
            const FrameNumbers& numbers) const;
  std::unique_ptr<FrameReader> open(const InstanceRecord& record) const;

  Archive& archive_;
  Transcoder* const transcoder_;
  const std::string root_;
  const Journal journal_;
};

/// Whether the object has pixel data of any kind.
bool has_pixel_data(const InstanceRecord& record);

}  // namespace fermata::dicomweb
