#pragma once
#include "association.hpp"
#include "fermata/application_entities.hpp"
#include "fermata/authenticator.hpp"
#include "stored_studies.hpp"

namespace fermata::dimse {

/// What a service sees of the association that it answers on. Borrowed for the call of `handle`.
struct Session {
  Association& association;
  Rights rights = 0;
  Caller caller;  ///< views of the association's names
  StoredStudies stored{};
  Identity* user = nullptr;  ///< whoever was identified; null: nobody
};

/// Answers the messages of some SOP Classes on an association that has been accepted.
///
/// *Used by* the dispatcher, which looks at the abstract syntax of the message's Presentation Context.
/// **Thread**: associations call side by side, each on its own thread.
/// **Errors**: AssociationLost passes through; any other exception is logged and answered with status 0x0110, so it
/// must not be thrown after the final response.
class Service {
 public:
  virtual ~Service() = default;
  /// Reads the message's data set, if it wants it, and sends the responses.
  virtual void handle(Session& session, const Message& message) = 0;
};

}  // namespace fermata::dimse
