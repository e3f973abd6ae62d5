#pragma once
#include <chrono>
#include <filesystem>
#include <memory>

#include "api/routes.hpp"
#include "extensions.hpp"
#include "fermata/archive.hpp"
#include "fermata/audit_trail.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/journal.hpp"
#include "fermata/periodic.hpp"
#include "fermata/state_store.hpp"
#include "files/download.hpp"
#include "files/upload.hpp"
#include "nodes/assistant.hpp"
#include "nodes/connection.hpp"
#include "nodes/echo.hpp"
#include "nodes/node_routes.hpp"
#include "studies/description_store.hpp"
#include "studies/kept_notes.hpp"
#include "studies/label_care.hpp"
#include "studies/label_store.hpp"
#include "studies/note_store.hpp"
#include "studies/study_routes.hpp"
#include "studies/trash_routes.hpp"
#include "system/index_routes.hpp"
#include "system/system_routes.hpp"
#include "web_pages.hpp"

namespace fermata::admin {

/// What `schema.yaml` describes.
struct Options {
  OwnNode own;
  std::filesystem::path web;  ///< folder of the built web application
  std::chrono::milliseconds trash_keep{std::chrono::hours{30 * 24}};
};

/// The services that the administration is made of. The last six may be null.
struct Services {
  std::unique_ptr<HttpRouter> router;
  std::unique_ptr<Archive> archive;
  std::unique_ptr<StateStore> state;
  std::unique_ptr<ApplicationEntities> entities;
  std::unique_ptr<HostStatus> host;
  std::unique_ptr<DimseClient> dimse;
  std::unique_ptr<Trash> trash;
  std::unique_ptr<JobQueue> jobs;
  std::unique_ptr<StationDirectory> stations;
  std::unique_ptr<AuditTrail> audit;
  std::unique_ptr<IndexRenewal> renewal;
};

/// All parts of the plugin, put together: the constructor adds their routes.
///
/// **Thread**: the plugin's. **Ownership**: borrows the services. **Errors**: those of HttpRouter and StateStore.
class Administration {
 public:
  Administration(const Services& services, const Options& options, const Journal& journal);

  Extensions& extensions() { return extensions_; }
  StudyNotes& notes() { return kept_notes_; }
  void serve();
  void stop() noexcept;

 private:
  const Journal journal_;
  api::Routes routes_;
  LabelStore labels_;
  LabelCare label_care_;
  NoteStore notes_;
  KeptNotes kept_notes_{labels_, notes_};
  DescriptionStore descriptions_;
  StatisticsKeeper keeper_;
  const std::unique_ptr<Echo> echo_;  ///< null: nobody can be called
  Extensions extensions_;
  StudyRoutes studies_;
  TrashRoutes trash_;
  Upload upload_;
  Download download_;
  NodeRoutes nodes_;
  Assistant assistant_;
  Connection connection_;
  StorageReport storage_;
  HealthReport health_;
  SystemRoutes system_;
  IndexRoutes index_;
  WebPages pages_;
  Periodic counting_;
};

}  // namespace fermata::admin
