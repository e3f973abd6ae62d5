#include "waiting_stream.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "fermata/error.hpp"

namespace fermata::http {
namespace {

using Clock = std::chrono::steady_clock;

/// What is left of `pieces` once `bytes` of them are gone; `storage` holds it.
std::span<const Bytes> rest_of(std::span<const Bytes> pieces, std::size_t bytes, std::array<Bytes, 8>& storage) {
  std::size_t count = 0;
  for (const auto& piece : pieces) {
    const auto gone = std::min(bytes, piece.size());
    bytes -= gone;
    if (gone < piece.size()) storage[count++] = piece.subspan(gone);
  }
  return {storage.data(), count};
}

}  // namespace

WaitingStream::WaitingStream(Transport& transport, Pace pace) : transport_(transport), reading_{pace}, writing_{pace} {}

std::size_t WaitingStream::read(std::span<std::byte> into) {
  for (;;) {
    const auto step = transport_.read(into);
    switch (step.kind) {
      case Step::Kind::done:
        reading_.moved += step.bytes;
        return step.bytes;
      case Step::Kind::closed:
        client_gone_ = true;
        return 0;
      default:
        wait(step.kind, reading_);
    }
  }
}

void WaitingStream::write(std::span<const Bytes> given) {
  std::array<Bytes, 8> storage;
  auto pieces = rest_of(given, 0, storage);
  while (!pieces.empty()) {
    const auto step = transport_.write(pieces);
    switch (step.kind) {
      case Step::Kind::done:
        writing_.moved += step.bytes;
        pieces = rest_of(pieces, step.bytes, storage);
        break;
      case Step::Kind::closed:
        client_gone_ = true;
        throw Error(Code::cancelled, "the client is gone");
      default:
        wait(step.kind, writing_);
    }
  }
}

void WaitingStream::wait(Step::Kind kind, Interval& interval) {
  pollfd entry{transport_.descriptor(), static_cast<short>(kind == Step::Kind::wants_read ? POLLIN : POLLOUT), 0};
  const auto left = interval.pace.interval - interval.waited;
  const auto begin = Clock::now();
  const int ready = ::poll(&entry, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
  if (ready < 0 && errno != EINTR) {
    client_gone_ = true;
    throw Error(Code::cancelled, "the connection can't be waited for");
  }
  interval.waited += Clock::now() - begin;
  if (interval.waited < interval.pace.interval) return;
  if (interval.moved < std::max<uint64_t>(interval.pace.bytes, 1)) {
    too_slow_ = true;
    throw Error(Code::cancelled, "the client is too slow");
  }
  interval.waited = std::chrono::nanoseconds(0);
  interval.moved = 0;
}

}  // namespace fermata::http
