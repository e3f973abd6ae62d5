#pragma once
#include "audit_notes.hpp"
#include "bulk_data_retrieval.hpp"
#include "frame_retrieval.hpp"
#include "instance_retrieval.hpp"
#include "metadata_retrieval.hpp"
#include "rendered_retrieval.hpp"
#include "routes.hpp"
#include "search.hpp"
#include "settings.hpp"
#include "wado_uri.hpp"

namespace fermata::dicomweb {

/// All that reads: what answers which path.
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
  const Search search_;
  const MetadataRetrieval metadata_;
  const InstanceRetrieval instances_;
  const FrameRetrieval frames_;
  const BulkDataRetrieval bulk_data_;
  const RenderedRetrieval rendered_;
  const WadoUri wado_uri_;
  const AuditNotes notes_;
};

}  // namespace fermata::dicomweb
