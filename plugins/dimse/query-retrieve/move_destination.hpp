#pragma once
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "client.hpp"
#include "fermata/transcoder.hpp"
#include "query-retrieve/retrieve_selection.hpp"
#include "query-retrieve/store_sender.hpp"

namespace fermata::dimse {

/// The Presentation Contexts of one association of a C-MOVE, and the SOP Classes that it is for.
struct MoveProposal {
  std::set<std::string, std::less<>> sop_classes;
  std::vector<ProposedContext> contexts;
};

/// What to propose to a destination for objects of these kinds: each transfer syntax that is stored in a context of its
/// own, so that the peer can take it as it is; each preferred one that can be produced; and to fall back on, contexts
/// of which the peer takes one transfer syntax each: uncompressed, compressed without loss, and with what may have a
/// loss but is made without. `transcoder` may be null: then nothing but what is stored. One proposal, unless 128
/// contexts are not enough (PS3.8 7.1.1.13).
std::vector<MoveProposal> propose(const RetrieveSurvey& survey, std::span<const std::string> preferred,
                                  Transcoder* transcoder);

/// The receiving end of a C-MOVE: opens an association for a proposal and sends what comes, one after the other.
///
/// If the association is lost, it is opened again and the object sent once more; the second loss without a success in
/// between gives up, and every further object fails at once.
/// *Used by* Retriever. **Thread**: one at a time. **Errors**: none; `reason` says why the last object failed.
class MoveDestination {
 public:
  MoveDestination(Archive& archive, Transcoder* transcoder, Client& client, Destination destination,
                  StoreSenderSettings settings);

  /// Releases the association before, and uses this proposal from the next object on.
  void begin(const MoveProposal& proposal);
  SubOperations::Outcome send(const InstanceRecord& record);
  void end();

  const std::string& reason() const { return reason_; }
  bool given_up() const { return given_up_; }
  /// Why no association could be opened at all; empty if one could.
  const std::string& unreachable() const { return unreachable_; }

 private:
  bool connect();

  Archive& archive_;
  Transcoder* transcoder_;
  Client& client_;
  Destination destination_;
  StoreSenderSettings settings_;
  std::vector<ProposedContext> contexts_;
  std::unique_ptr<Association> association_;
  std::unique_ptr<StoreSender> sender_;
  bool has_connected_ = false;
  bool lost_before_ = false;  ///< since the last object that arrived
  bool given_up_ = false;
  std::string unreachable_;
  std::string reason_;
};

}  // namespace fermata::dimse
