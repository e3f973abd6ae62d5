#include "query-retrieve/store_sender.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/error.hpp"

namespace fermata::dimse {
namespace {

namespace transfer_syntax = dicom::transfer_syntax;

constexpr std::array kUncompressed{transfer_syntax::kExplicitLittleEndian, transfer_syntax::kImplicitLittleEndian,
                                   transfer_syntax::kExplicitBigEndian, transfer_syntax::kDeflatedExplicitLittleEndian};

constexpr std::chrono::milliseconds kStep{200};  // between two looks at who waits for the objects

/// PS3.7 Annex C.3, C.4: warnings are Bxxx, and three from before that order.
bool is_warning(uint16_t status) {
  return (status & 0xf000) == 0xb000 || status == 0x0001 || status == 0x0107 || status == 0x0116;
}

std::string hex(uint16_t status) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%04X", status);
  return text.data();
}

/// Whether the pixel data has to be decoded or encoded, rather than its bytes arranged in another way.
bool takes_codec(std::string_view stored, std::string_view wanted) {
  return stored != wanted && !(dicom::uncompressed_encoding(stored) && dicom::uncompressed_encoding(wanted));
}

}  // namespace

StoreSender::StoreSender(Archive& archive, Transcoder* transcoder, Association& association,
                         StoreSenderSettings settings)
    : archive_(archive), transcoder_(transcoder), association_(association), settings_(std::move(settings)) {}

SubOperations::Outcome StoreSender::send(const InstanceRecord& record) {
  using Outcome = SubOperations::Outcome;
  reason_.clear();
  status_.reset();
  problem_ = Code::unsupported;
  const auto& contexts = contexts_for(record);
  if (contexts.empty()) {
    reason_ = "the peer has accepted no Presentation Context for SOP Class " + std::string(record.sop_class_uid) +
              " that an object in transfer syntax " + std::string(record.transfer_syntax_uid) + " can be sent on";
    if (transcoder_ == nullptr) reason_ += "; without the plugin `codecs` objects are sent only as they are stored";
    return Outcome::failed;
  }
  for (const auto* context : contexts) {
    try {
      const auto object = open(record, context->transfer_syntax);
      send_request(*context, record, *object);
    } catch (const Error& error) {
      reason_ = error.what();
      problem_ = error.code();
      if (association_.gone()) throw AssociationLost("an object could not be read to its end: " + reason_);
      if (error.code() == Code::unsupported) continue;
      return Outcome::failed;
    }
    reason_.clear();
    return receive_response();
  }
  return Outcome::failed;
}

const StoreSender::Contexts& StoreSender::contexts_for(const InstanceRecord& record) {
  std::pair key(std::string(record.sop_class_uid), std::string(record.transfer_syntax_uid));
  const auto found = contexts_.find(key);
  if (found != contexts_.end()) return found->second;
  auto contexts = find_contexts(record.sop_class_uid, record.transfer_syntax_uid);
  return contexts_.emplace(std::move(key), std::move(contexts)).first->second;
}

/// Best first.
StoreSender::Contexts StoreSender::find_contexts(std::string_view sop_class, std::string_view stored) const {
  Contexts found;
  const auto add = [&](std::string_view transfer_syntax) {
    if (transfer_syntax != stored && (transcoder_ == nullptr || !transcoder_->can(stored, transfer_syntax))) return;
    for (const auto& context : association_.contexts())
      if (context.abstract_syntax == sop_class && context.transfer_syntax == transfer_syntax) {
        if (std::find(found.begin(), found.end(), &context) == found.end()) found.push_back(&context);
        return;
      }
  };
  for (const auto& preferred : settings_.preferred_transfer_syntaxes) add(preferred);
  add(stored);
  for (const auto uncompressed : kUncompressed) add(uncompressed);
  for (const auto& context : association_.contexts())
    if (context.abstract_syntax == sop_class) add(context.transfer_syntax);
  return found;
}

std::unique_ptr<ObjectReader> StoreSender::open(const InstanceRecord& record, std::string_view transfer_syntax) {
  const auto stored = record.transfer_syntax_uid;
  auto object = archive_.open(record);
  if (stored == transfer_syntax) return object;
  object = transcoder_->transcode(std::move(object), stored, transfer_syntax);
  if (takes_codec(stored, transfer_syntax)) make(*object);
  return object;
}

/// Has every frame decoded or encoded before the message begins: a damaged one then costs the sub-operation and not the
/// association. The transcoder keeps what it has made.
void StoreSender::make(ObjectReader& object) {
  std::vector<std::byte> piece(std::size_t{256} << 10);
  uint64_t at = 0;
  while (const auto count = object.read_at(at, piece)) {
    at += count;
    if (settings_.while_sending) settings_.while_sending();
  }
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

/// In steps where somebody else waits as well. Returns what is left of the time.
std::chrono::milliseconds StoreSender::await_response() {
  using Clock = std::chrono::steady_clock;
  using std::chrono::milliseconds;
  if (!settings_.abandoned) return settings_.response_timeout;
  const auto end = Clock::now() + settings_.response_timeout;
  const auto left = [&] {
    return std::chrono::ceil<milliseconds>(std::max(end - Clock::now(), Clock::duration::zero()));
  };
  while (!association_.has_message(std::min(kStep, left())) && left().count() > 0) {
    if (!settings_.abandoned()) continue;
    association_.abort();
    throw AssociationLost("whoever asked for the objects has gone away");
  }
  return left();
}

SubOperations::Outcome StoreSender::receive_response() {
  using Outcome = SubOperations::Outcome;
  for (;;) {
    const auto message = association_.receive(await_response());
    if (!message) throw AssociationLost("the peer released the association instead of answering C-STORE");
    if (message->command.field() != (field::kStore | field::kResponse)) {
      association_.abort();
      throw AssociationLost("the peer sent something else than the response to C-STORE");
    }
    if (message->command.message_id_responded_to() != message_id_) continue;
    const auto status = message->command.status();
    status_ = status;
    if (status == 0) return Outcome::completed;
    reason_ = "the peer answered C-STORE with status " + hex(status);
    return is_warning(status) ? Outcome::warning : Outcome::failed;
  }
}

}  // namespace fermata::dimse
