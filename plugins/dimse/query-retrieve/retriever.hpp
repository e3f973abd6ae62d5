#pragma once
#include <chrono>
#include <cstdint>
#include <string>

#include "audit_notes.hpp"
#include "client.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/archive.hpp"
#include "fermata/journal.hpp"
#include "fermata/transcoder.hpp"
#include "query-retrieve/retrieve_selection.hpp"
#include "query-retrieve/sub_operations.hpp"
#include "service.hpp"

namespace fermata::dimse {

struct RetrieverSettings {
  std::chrono::milliseconds response_timeout{60000};  ///< for the answer to each C-STORE
  std::chrono::milliseconds progress_interval{500};   ///< between pending responses
};

/// Answers C-GET and C-MOVE in all Query/Retrieve information models, at every level (PS3.4 C.4.2, C.4.3).
///
/// The instances are counted first and then sent as the archive lists them, so that memory does not grow with their
/// number. C-GET sends them on the association that asked; C-MOVE on one of its own to the Move Destination.
/// *Used by* the dispatcher. **Thread**: any number at once. **Errors**: what is wrong with a request becomes its
/// status: 0xA900 (identifier), 0xA801 (Move Destination unknown), 0xA702 (nothing could be sent), 0xB000 (some
/// failed).
class Retriever : public Service {
 public:
  /// `transcoder` and `trail` may be null.
  Retriever(Archive& archive, ApplicationEntities& application_entities, Client& client, Transcoder* transcoder,
            const Journal& journal, RetrieverSettings settings, AuditTrail* trail = nullptr)
      : archive_(archive),
        application_entities_(application_entities),
        client_(client),
        transcoder_(transcoder),
        journal_(journal),
        settings_(settings),
        trail_(trail) {}
  void handle(Session& session, const Message& message) override;

 private:
  class Progress;
  void get(Session& session, const Message& message, Archive& archive, const Selection& selection);
  void move(Session& session, const Message& message, Archive& archive, const Selection& selection);
  RetrieveSurvey survey(Session& session, const Message& message, Archive& archive, const Selection& selection);
  void finish(Session& session, const Message& message, const SubOperations& operations, bool cancelled,
              const std::string& comment);
  void note_failure(Session& session, const InstanceRecord& record, const std::string& reason,
                    const SubOperations& operations);

  Archive& archive_;
  ApplicationEntities& application_entities_;
  Client& client_;
  Transcoder* transcoder_;  ///< null: objects go out only as they are stored
  const Journal& journal_;
  RetrieverSettings settings_;
  AuditTrail* const trail_;
};

}  // namespace fermata::dimse
