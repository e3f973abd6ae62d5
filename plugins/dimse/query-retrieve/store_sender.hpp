#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "association.hpp"
#include "fermata/archive.hpp"
#include "fermata/error.hpp"
#include "fermata/transcoder.hpp"
#include "query-retrieve/sub_operations.hpp"

namespace fermata::dimse {

/// On whose behalf C-MOVE stores (PS3.7 9.1.1.1.6, 9.1.1.1.7).
struct MoveOriginator {
  std::string ae_title;
  uint16_t message_id = 0;
};

struct StoreSenderSettings {
  uint16_t priority = 0;
  std::chrono::milliseconds response_timeout{60000};
  std::vector<std::string> preferred_transfer_syntaxes;  ///< best first; before what is stored
  std::optional<MoveOriginator> originator;
  std::function<void()> while_sending;  ///< called now and then during a long object
  std::function<bool()> abandoned;  ///< asked while the peer has not answered yet: nobody wants the objects any more
};

/// Sends stored objects with C-STORE, one after the other (PS3.4 B.2.1).
///
/// Each object takes the Presentation Context that fits it best: of the preferred transfer syntaxes the first that it
/// can be given in, else the one it is stored in, else an uncompressed one. What turns out to have no form in one
/// transfer syntax is tried in the next. Any accepted context of its SOP Class will do: the roles that were negotiated
/// do not count, since the viewers that need C-GET never negotiate any. *Used by* Retriever. **Thread**: one at a time.
/// **Ownership**: borrows all it is given.
/// **Errors**: AssociationLost; everything else makes the sub-operation fail, and `reason` says why.
class StoreSender {
 public:
  /// `transcoder`: null for objects as they are stored, and nothing else.
  StoreSender(Archive& archive, Transcoder* transcoder, Association& association, StoreSenderSettings settings);

  SubOperations::Outcome send(const InstanceRecord& record);
  /// Why the last one did not just succeed, without patient data.
  const std::string& reason() const { return reason_; }
  /// What the peer answered to the last one; empty if it was not even sent, and then `problem` is what kind of error.
  std::optional<uint16_t> status() const { return status_; }
  Code problem() const { return problem_; }

 private:
  using Contexts = std::vector<const PresentationContext*>;
  const Contexts& contexts_for(const InstanceRecord& record);
  Contexts find_contexts(std::string_view sop_class, std::string_view stored) const;
  std::unique_ptr<ObjectReader> open(const InstanceRecord& record, std::string_view transfer_syntax);
  void make(ObjectReader& object);
  void send_request(const PresentationContext& context, const InstanceRecord& record, ObjectReader& object);
  SubOperations::Outcome receive_response();
  std::chrono::milliseconds await_response();

  Archive& archive_;
  Transcoder* transcoder_;
  Association& association_;
  StoreSenderSettings settings_;
  std::map<std::pair<std::string, std::string>, Contexts> contexts_;
  uint16_t message_id_ = 0;
  std::string reason_;
  std::optional<uint16_t> status_;
  Code problem_ = Code::unsupported;
};

}  // namespace fermata::dimse
