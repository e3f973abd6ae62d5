#include "request_body.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "fermata/error.hpp"

namespace fermata::http {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kWorthReading = 256 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

[[noreturn]] void broken_off() { throw Error(Code::cancelled, "the client ended before its request did"); }

}  // namespace

RequestBody::RequestBody(const RequestHead& head, InputBuffer& received, Source& source, Sink& sink, uint64_t limit)
    : received_(received),
      source_(source),
      sink_(sink),
      limit_(limit),
      invitation_due_(head.expects_continue),
      left_(head.content_length) {
  if (head.chunked) chunks_.emplace();
}

std::size_t RequestBody::read(std::span<std::byte> into) {
  if (into.empty()) return 0;
  if (total_ + left_ > limit_) too_large_ = true;
  if (!too_large_) {
    broken_ = true;  // unless it goes well
    const auto count = chunks_ ? read_chunks(into) : read_length(into);
    broken_ = false;
    total_ += count;
    too_large_ = total_ > limit_;
    if (!too_large_) return count;
  }
  throw Error(Code::refused, "the request's body is larger than this server takes, " + std::to_string(limit_) +
                                 " bytes; send less at a time, or have `limits.body` raised");
}

std::size_t RequestBody::read_length(std::span<std::byte> into) {
  if (left_ == 0) return 0;
  into = into.first(static_cast<std::size_t>(std::min<uint64_t>(into.size(), left_)));
  auto count = std::min(into.size(), received_.size());
  if (count > 0) {
    std::memcpy(into.data(), received_.data().data(), count);
    received_.consume(count);
  } else {
    invite();
    count = source_.read(into);
    if (count == 0) broken_off();
  }
  left_ -= count;
  return count;
}

std::size_t RequestBody::read_chunks(std::span<std::byte> into) {
  while (!chunks_->done()) {
    if (received_.size() > 0) {
      const auto step = chunks_->decode(received_.data(), into);
      received_.consume(step.consumed);
      if (step.produced > 0) return step.produced;
      if (step.consumed > 0) continue;
      if (received_.size() >= kPiece) throw Error(Code::invalid, "the request's body has an endless chunk header");
    }
    invite();
    const auto room = received_.room(received_.size() == 0 ? kPiece : 4096);
    const auto count = source_.read(room);
    if (count == 0) broken_off();
    received_.commit(count);
  }
  return 0;
}

void RequestBody::invite() {
  if (!invitation_due_) return;
  invitation_due_ = false;
  const std::array pieces{std::as_bytes(std::span(kContinue))};
  sink_.write(pieces);
}

bool RequestBody::is_worth_finishing() const {
  if (left_ == 0 && !chunks_) return true;
  return !invitation_due_ && !too_large_ && !broken_ && left_ <= kWorthReading;
}

bool RequestBody::finish() {
  if (chunks_ ? chunks_->done() : left_ == 0) return true;
  if (!is_worth_finishing()) return false;
  std::array<std::byte, 16 * 1024> nowhere;
  for (std::size_t taken = 0; taken <= kWorthReading;) {
    const auto count = read(nowhere);
    if (count == 0) return true;
    taken += count;
  }
  return false;
}

}  // namespace fermata::http
