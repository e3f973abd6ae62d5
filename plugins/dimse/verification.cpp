#include "verification.hpp"

#include "status.hpp"

namespace fermata::dimse {

void Verification::handle(Session& session, const Message& message) {
  const bool echo = message.command.field() == field::kEcho;
  session.association.send(
      message.context_id,
      CommandSet::response_to(message.command, echo ? status::kSuccess : status::kUnrecognizedOperation));
}

}  // namespace fermata::dimse
