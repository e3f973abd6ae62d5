#include "association.hpp"

#include <algorithm>

#include "fermata/error.hpp"
#include "fermata/free_memory.hpp"
#include "plugin-services/request_queue.hpp"
#include "upper-layer/upper_layer.hpp"

namespace fermata::dimse {
namespace {

constexpr std::size_t kRememberedCancels = 16;
constexpr std::chrono::milliseconds kCloseWait{1000};
constexpr std::size_t kSmallDataSet = 256 * 1024;  // is not counted

void drop(std::span<const std::byte>) {}

}  // namespace

/// The next message's command; its data set is left on the network. Empty: A-RELEASE-RQ has come.
std::optional<Message> Association::Transport::read_message() {
  socket->begin_pace();
  Pdv pdv;
  if (!next_pdv(pdv)) return {};
  Message message;
  message.context_id = pdv.context_id;
  std::vector<std::byte> gathered;
  std::span<const std::byte> bytes;
  for (;;) {
    if (!pdv.is_command || pdv.context_id != message.context_id) {
      abort();
      lose("the peer sent something else than the rest of a command");
    }
    if (pdv.is_last && gathered.empty()) {
      bytes = pdv.fragment;
      break;
    }
    gathered.insert(gathered.end(), pdv.fragment.begin(), pdv.fragment.end());
    bytes = gathered;
    if (pdv.is_last) break;
    if (gathered.size() > limits.command) {
      limit_reached("command");
      abort();
      lose("the peer sent a command without end");
    }
    if (!next_pdv(pdv)) {
      abort();
      lose("the peer asked for the release in the middle of a command");
    }
  }
  try {
    message.command = CommandSet::parse(bytes);
  } catch (const Error& error) {
    abort();
    lose(std::string("the peer sent a malformed command: ") + error.what());
  }
  data_set_context = message.command.has_data_set() ? message.context_id : 0;
  return message;
}

/// Whether the memory of all associations has room for a data set of so many bytes.
bool Association::Transport::may_hold(std::size_t bytes) {
  return !memory || bytes <= kSmallDataSet || memory->grow_to(memory_of_a_data_set(bytes));
}

Association::Association(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

Association::~Association() {
  abort();
  if (requests_) requests_->close(transport_->lost ? transport_->why_lost : "it has released the association");
}

const std::string& Association::calling_ae_title() const { return transport_->calling_ae_title; }
const std::string& Association::called_ae_title() const { return transport_->called_ae_title; }
const std::string& Association::peer_address() const { return transport_->peer_address; }
const std::string& Association::peer_implementation() const { return transport_->peer_implementation; }
uint32_t Association::peer_maximum_pdu() const {
  return static_cast<uint32_t>(transport_->upper_layer->params->theirMaxPDUReceiveSize);
}
std::span<const PresentationContext> Association::contexts() const { return transport_->contexts; }

const MessageLimits& Association::limits() const { return transport_->limits; }
void Association::limit_reached(std::string_view name) const { transport_->limit_reached(name); }

const PresentationContext* Association::context(uint8_t id) const {
  const auto found = std::find_if(transport_->contexts.begin(), transport_->contexts.end(),
                                  [id](const PresentationContext& c) { return c.id == id; });
  return found == transport_->contexts.end() ? nullptr : &*found;
}

std::optional<Message> Association::receive(std::chrono::milliseconds timeout) { return receive(timeout, false); }

std::optional<Message> Association::next_request(std::chrono::milliseconds timeout) {
  if (transport_->memory) transport_->memory->give_back();
  for (;;) {
    auto message = receive(timeout, true);
    if (!message || !message->command.is_response()) return message;  // a response to nothing has no meaning
  }
}

std::shared_ptr<RequestQueue> Association::requests() {
  if (!requests_) requests_ = std::make_shared<RequestQueue>(calling_ae_title() + " at " + peer_address());
  return requests_;
}

std::optional<Message> Association::receive(std::chrono::milliseconds timeout, bool idle) {
  auto& t = *transport_;
  t.check();
  if (t.data_set_context != 0 && !t.read_early) receive_data_set(drop);
  for (;;) {
    std::optional<Message> message = std::exchange(t.read_early, std::nullopt);
    if (!message) {
      wait_for_message(timeout, idle);
      message = t.read_message();
    }
    if (!message) {
      t.answer_release();
      t.socket->wait_readable(kCloseWait, t.interrupt);  // it is the requestor who closes first (PS3.8 9.2)
      t.released = true;
      return {};
    }
    if (message->command.field() == field::kCancel) {
      remember_cancel(message->command.message_id_responded_to());
      continue;
    }
    if (requests_ && message->command.is_response() && requests_->take(*this, *message)) continue;
    std::erase(t.cancelled_messages, message->command.message_id());
    return message;
  }
}

void Association::wait_for_message(std::chrono::milliseconds timeout, bool idle) {
  auto& t = *transport_;
  for (;;) {
    if (idle && requests_) requests_->send_next(*this);
    if (t.reader.has_next()) return;
    switch (t.socket->wait_readable(timeout, t.interrupt, idle && requests_ ? requests_->descriptor() : -1)) {
      case Socket::Wake::readable:
        return;
      case Socket::Wake::woken:
        continue;
      case Socket::Wake::time_up:
        t.limit_reached("idle");
        t.abort();
        t.lose("the peer kept quiet for too long");
      case Socket::Wake::interrupted:
        t.abort();
        t.lose("the archive is shutting down");
    }
  }
}

void Association::remember_cancel(uint16_t message_id) {
  auto& list = transport_->cancelled_messages;
  if (list.size() == kRememberedCancels) list.erase(list.begin());
  list.push_back(message_id);
}

void Association::receive_data_set(const Sink& sink) {
  auto& t = *transport_;
  t.check();
  while (t.data_set_context != 0) {
    Pdv pdv;
    if (!t.next_pdv(pdv) || pdv.is_command || pdv.context_id != t.data_set_context) {
      t.abort();
      t.lose("the peer sent something else than the rest of a data set");
    }
    if (pdv.is_last) t.data_set_context = 0;
    sink(pdv.fragment);
  }
}

std::vector<std::byte> Association::receive_data_set(std::size_t limit) {
  std::vector<std::byte> collected;
  bool too_long = false;
  bool fits = true;
  receive_data_set([&](std::span<const std::byte> bytes) {
    too_long = too_long || bytes.size() > limit - collected.size();
    fits = fits && !too_long && transport_->may_hold(collected.size() + bytes.size());
    if (fits)
      collected.insert(collected.end(), bytes.begin(), bytes.end());
    else
      free_memory(collected);
  });
  if (fits) return collected;
  if (!too_long) {
    limit_reached("data_sets");
    throw Error(Code::out_of_memory, "too many large requests at a time: send it again later");
  }
  limit_reached("data_set");
  throw Error(Code::invalid, "the data set of the request is longer than " + std::to_string(limit) + " bytes");
}

void Association::send(uint8_t context_id, const CommandSet& command) {
  write_command(context_id, command, false);
  transport_->flush();
}

void Association::send(uint8_t context_id, const CommandSet& command, std::span<const std::byte> data_set) {
  send_soon(context_id, command, data_set);
  transport_->flush();
}

void Association::send_soon(uint8_t context_id, const CommandSet& command, std::span<const std::byte> data_set) {
  write_command(context_id, command, true);
  transport_->write(context_id, DUL_DATASETPDV, true, data_set);
}

void Association::send(uint8_t context_id, const CommandSet& command, uint64_t length, const Read& read) {
  write_command(context_id, command, true);
  auto& t = *transport_;
  t.fragment.resize(static_cast<std::size_t>(std::min<uint64_t>(t.largest_fragment(), std::max<uint64_t>(length, 1))));
  uint64_t sent = 0;
  do {
    const auto want = static_cast<std::size_t>(std::min<uint64_t>(t.fragment.size(), length - sent));
    std::size_t got = 0;
    try {
      while (got < want) {
        const std::size_t more = read(sent + got, std::span(t.fragment).subspan(got, want - got));
        if (more == 0) throw Error(Code::io, "an object ends before its length");
        got += more;
      }
    } catch (...) {
      abort();
      throw;
    }
    sent += want;
    t.write(context_id, DUL_DATASETPDV, sent == length, std::span(t.fragment).first(want));
  } while (sent < length);
  t.flush();
}

void Association::write_command(uint8_t context_id, const CommandSet& command, bool has_data_set) {
  auto& t = *transport_;
  t.check();
  std::vector<std::byte> bytes;
  if (command.has_data_set() == has_data_set && command.u16(element::kDataSetType)) {
    bytes = command.encode();
  } else {
    CommandSet changed = command;
    changed.set_has_data_set(has_data_set);
    bytes = changed.encode();
  }
  t.write(context_id, DUL_COMMANDPDV, true, bytes);
}

bool Association::cancelled(uint16_t message_id) {
  auto& t = *transport_;
  const auto has_come = [&] {
    return std::find(t.cancelled_messages.begin(), t.cancelled_messages.end(), message_id) !=
           t.cancelled_messages.end();
  };
  if (t.lost || t.released) return true;
  try {
    // A data set that has not been read yet, or a message that belongs to somebody else, stands before any C-CANCEL.
    while (t.data_set_context == 0 && !t.read_early && !has_come() && (t.reader.has_next() || t.socket->readable())) {
      auto message = t.read_message();
      if (!message) {
        t.abort();
        t.lose("the peer asked for the release before it had its answer");
      }
      if (message->command.field() == field::kCancel)
        remember_cancel(message->command.message_id_responded_to());
      else
        t.read_early = std::move(message);
    }
  } catch (const AssociationLost&) {
    return true;
  }
  return has_come();
}

bool Association::has_message(std::chrono::milliseconds limit) {
  auto& t = *transport_;
  t.check();
  return t.read_early || t.reader.has_next() || t.socket->wait_readable(limit, t.interrupt) != Socket::Wake::time_up;
}

bool Association::gone() const { return transport_->lost || transport_->released; }

void Association::release() {
  auto& t = *transport_;
  if (t.lost || t.released) return;
  t.socket->set_deadline(Socket::Clock::now() + t.release_timeout);
  if (ASC_releaseAssociation(t.upper_layer.get()).bad()) {
    abort();
    return;
  }
  t.released = true;
}

void Association::abort() noexcept {
  auto& t = *transport_;
  if (t.lost || t.released) return;
  t.abort();
  t.lost = true;
  t.why_lost = "the association was aborted";
}

void Association::abort_soon() noexcept { transport_->socket->shut_down(); }

}  // namespace fermata::dimse
