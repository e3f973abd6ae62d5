#pragma once
#include <cstddef>
#include <memory>
#include <span>

namespace fermata::http {

/// Takes a body out of its chunks (RFC 9112 7.1). Extensions and trailers are passed over.
///
/// **Thread**: one at a time. **Errors**: invalid for what is no chunk; the connection can't be used after it.
class ChunkedBody {
 public:
  struct Step {
    std::size_t consumed = 0;  ///< of what was received
    std::size_t produced = 0;  ///< of the body; both 0: more has to be received
  };

  ChunkedBody();
  ~ChunkedBody();

  Step decode(std::span<const std::byte> received, std::span<std::byte> into);
  bool done() const;  ///< the last chunk and the trailers have been consumed

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace fermata::http
