#pragma once
#include <functional>

#include "audit_notes.hpp"
#include "fermata/rate_limit.hpp"
#include "retrieve/bulk_data_retrieval.hpp"
#include "retrieve/frame_retrieval.hpp"
#include "retrieve/instance_retrieval.hpp"
#include "retrieve/metadata_retrieval.hpp"
#include "retrieve/rendered_retrieval.hpp"
#include "retrieve/wado_uri.hpp"
#include "routes.hpp"
#include "search/search.hpp"
#include "settings.hpp"

namespace fermata::dicomweb {

/// All that reads: what answers which path. For whoever sees only some studies, the archive has no others.
///
/// **Thread**: any, once made. **Ownership**: all it is given outlives it; transcoder, renderer and trail may be null.
class ReadServices {
 public:
  ReadServices(Archive& archive, Transcoder* transcoder, FrameRenderer* renderer, const AttributeDictionary& dictionary,
               const Settings& settings, const Journal& journal, AuditTrail* trail = nullptr);
  /// The services for studies, below their root.
  void add_to(Routes& routes) const;
  void add_wado_uri_to(Routes& routes) const;

 private:
  /// On one archive: the whole, or what the sender of one request sees of it.
  struct Services {
    Services(Archive& archive, const ReadServices& all);

    const Search search;
    const MetadataRetrieval metadata;
    const InstanceRetrieval instances;
    const FrameRetrieval frames;
    const BulkDataRetrieval bulk_data;
    const RenderedRetrieval rendered;
    const WadoUri wado_uri;
  };
  using Use = std::function<void(const Services&, HttpRequest&, HttpResponse&)>;

  Routes::Answer answer(Use use) const;
  void keep_pace(HttpRequest& request, HttpResponse& response) const;

  Archive& archive_;
  Transcoder* const transcoder_;
  FrameRenderer* const renderer_;
  const AttributeDictionary& dictionary_;
  const Settings settings_;
  const Journal journal_;
  const AuditNotes notes_;
  const Services on_whole_archive_;
  mutable RateLimit searches_;
};

}  // namespace fermata::dicomweb
