#include "store_sender.hpp"

#include <array>
#include <cstdio>

#include "fermata/error.hpp"
#include "transfer_syntax.hpp"

namespace fermata::dimse {
namespace {

constexpr std::array kUncompressed{transfer_syntax::kExplicitLittleEndian, transfer_syntax::kImplicitLittleEndian,
                                   transfer_syntax::kExplicitBigEndian, transfer_syntax::kDeflatedExplicitLittleEndian};

/// PS3.7 Annex C.3, C.4: warnings are Bxxx, and three from before that order.
bool is_warning(uint16_t status) {
  return (status & 0xf000) == 0xb000 || status == 0x0001 || status == 0x0107 || status == 0x0116;
}

std::string hex(uint16_t status) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%04X", status);
  return text.data();
}

}  // namespace

StoreSender::StoreSender(Archive& archive, Transcoder& transcoder, Association& association,
                         StoreSenderSettings settings)
    : archive_(archive), transcoder_(transcoder), association_(association), settings_(std::move(settings)) {}

SubOperations::Outcome StoreSender::send(const InstanceRecord& record) {
  using Outcome = SubOperations::Outcome;
  reason_.clear();
  const auto* context = context_for(record);
  if (context == nullptr) {
    reason_ = "the peer has accepted no Presentation Context for SOP Class " + std::string(record.sop_class_uid) +
              " that an object in transfer syntax " + std::string(record.transfer_syntax_uid) + " can be sent on";
    return Outcome::failed;
  }
  try {
    auto object = archive_.open(record);
    object = transcoder_.transcode(std::move(object), record.transfer_syntax_uid, context->transfer_syntax);
    send_request(*context, record, *object);
  } catch (const Error& error) {
    reason_ = error.what();
    if (association_.gone()) throw AssociationLost("an object could not be read to its end: " + reason_);
    return Outcome::failed;
  }
  return receive_response();
}

const PresentationContext* StoreSender::context_for(const InstanceRecord& record) {
  std::pair key(std::string(record.sop_class_uid), std::string(record.transfer_syntax_uid));
  const auto found = chosen_.find(key);
  if (found != chosen_.end()) return found->second;
  const auto* context = best_context(record.sop_class_uid, record.transfer_syntax_uid);
  chosen_.emplace(std::move(key), context);
  return context;
}

const PresentationContext* StoreSender::best_context(std::string_view sop_class, std::string_view stored) const {
  const auto accepted = [&](std::string_view transfer_syntax) -> const PresentationContext* {
    if (!transcoder_.can(stored, transfer_syntax)) return nullptr;
    for (const auto& context : association_.contexts())
      if (context.abstract_syntax == sop_class && context.transfer_syntax == transfer_syntax) return &context;
    return nullptr;
  };
  for (const auto& preferred : settings_.preferred_transfer_syntaxes)
    if (const auto* context = accepted(preferred)) return context;
  if (const auto* context = accepted(stored)) return context;
  for (const auto uncompressed : kUncompressed)
    if (const auto* context = accepted(uncompressed)) return context;
  return nullptr;
}

void StoreSender::send_request(const PresentationContext& context, const InstanceRecord& record, ObjectReader& object) {
  if (++message_id_ == 0) ++message_id_;
  CommandSet request;
  request.set_text(element::kAffectedSopClassUid, record.sop_class_uid);
  request.set_u16(element::kCommandField, field::kStore);
  request.set_u16(element::kMessageId, message_id_);
  request.set_u16(element::kPriority, settings_.priority);
  request.set_has_data_set(true);
  request.set_text(element::kAffectedSopInstanceUid, record.sop_instance_uid);
  if (settings_.originator) {
    request.set_text(element::kMoveOriginatorAeTitle, settings_.originator->ae_title);
    request.set_u16(element::kMoveOriginatorMessageId, settings_.originator->message_id);
  }
  association_.send(context.id, request, object.length(), [&](uint64_t offset, std::span<std::byte> into) {
    if (settings_.while_sending) settings_.while_sending();
    return static_cast<std::size_t>(object.read_at(offset, into));
  });
}

SubOperations::Outcome StoreSender::receive_response() {
  using Outcome = SubOperations::Outcome;
  for (;;) {
    const auto message = association_.receive(settings_.response_timeout);
    if (!message) throw AssociationLost("the peer released the association instead of answering C-STORE");
    if (message->command.field() != (field::kStore | field::kResponse)) {
      association_.abort();
      throw AssociationLost("the peer sent something else than the response to C-STORE");
    }
    if (message->command.message_id_responded_to() != message_id_) continue;
    const auto status = message->command.status();
    if (status == 0) return Outcome::completed;
    reason_ = "the peer answered C-STORE with status " + hex(status);
    return is_warning(status) ? Outcome::warning : Outcome::failed;
  }
}

}  // namespace fermata::dimse
