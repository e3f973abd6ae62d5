#pragma once
#include <memory>
#include <string>

#include "fermata/archive.hpp"
#include "fermata/frame_renderer.hpp"
#include "fermata/http_router.hpp"
#include "fermata/journal.hpp"
#include "resource.hpp"
#include "retrieve/bulk_data_retrieval.hpp"
#include "retrieve/frame_numbers.hpp"
#include "retrieve/multipart_writer.hpp"

namespace fermata::dicomweb {

/// Pictures of studies, series, instances and frames as a browser shows them (PS3.18 10.4.1.1.3, 10.4.1.1.4), and
/// documents as they are.
///
/// Alone, a picture stands for the whole resource; as parts of a body, there is one for each frame. The first one is
/// made before the answer begins. **Thread**: any. **Ownership**: all outlive it; the renderer may be null. **Errors**:
/// as HttpHandler says, and Problem 404, 406 and 501.
class RenderedRetrieval {
 public:
  RenderedRetrieval(Archive& archive, FrameRenderer* renderer, const BulkDataRetrieval& bulk_data, std::string root,
                    Journal journal)
      : archive_(archive),
        renderer_(renderer),
        bulk_data_(bulk_data),
        root_(std::move(root)),
        journal_(std::move(journal)) {}

  /// Of a study, a series, or an instance.
  void answer(HttpRequest& request, HttpResponse& response) const;
  /// Of frames by their numbers.
  void answer_frames(HttpRequest& request, HttpResponse& response) const;
  /// Of anything: one small picture.
  void answer_thumbnail(HttpRequest& request, HttpResponse& response) const;

  /// One picture of known length. `record` with its header.
  void send_one(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                const Rendering& rendering) const;

 private:
  std::unique_ptr<RenderedFrame> render(const InstanceRecord& record, const Rendering& rendering) const;
  void send_representative(HttpRequest& request, HttpResponse& response, const Resource& resource,
                           Rendering rendering) const;
  void send_all(HttpRequest& request, HttpResponse& response, const Resource& resource, Rendering rendering) const;
  void send_frames(MultipartWriter& parts, const InstanceRecord& record, const FrameNumbers& numbers,
                   Rendering rendering, const std::string& url) const;

  Archive& archive_;
  FrameRenderer* const renderer_;
  const BulkDataRetrieval& bulk_data_;
  const std::string root_;
  const Journal journal_;
};

}  // namespace fermata::dicomweb
