#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "chunked_body.hpp"
#include "input_buffer.hpp"
#include "request_head.hpp"
#include "waiting_stream.hpp"

namespace fermata::http {

/// The body of one request, as it arrives. What was received with the head comes first; what follows the body stays in
/// the buffer, for the next request.
///
/// **Thread**: one. **Ownership**: all that is given lives as long as this. **Errors**: those of HttpRequest::read.
class RequestBody {
 public:
  RequestBody(const RequestHead& head, InputBuffer& received, Source& source, Sink& sink, uint64_t limit);

  std::size_t read(std::span<std::byte> into);
  /// Takes what nobody read, so that the next request can be found; false if that is more than worth it.
  bool finish();
  /// Whether `finish` may succeed: what is left is on its way and little, as far as it is known.
  bool is_worth_finishing() const;
  bool too_large() const { return too_large_; }

 private:
  std::size_t read_length(std::span<std::byte> into);
  std::size_t read_chunks(std::span<std::byte> into);
  void invite();

  InputBuffer& received_;
  Source& source_;
  Sink& sink_;
  const uint64_t limit_;
  bool invitation_due_;  ///< the client waits for "100 Continue" (RFC 9110 10.1.1)
  bool too_large_ = false;
  bool broken_ = false;
  uint64_t left_;
  uint64_t total_ = 0;
  std::optional<ChunkedBody> chunks_;
};

}  // namespace fermata::http
