#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace fermata::tls {

using Bytes = std::span<const std::byte>;

/// One step over a connection, which never waits.
struct Step {
  enum class Kind {
    done,        ///< `bytes` were moved; of `read`, at least one
    wants_read,  ///< again when something can be read
    wants_write,
    closed,  ///< the other side has ended what it sends, or everything
  };
  Kind kind = Kind::done;
  std::size_t bytes = 0;
};

/// A connected socket, plain or with TLS.
///
/// **Thread**: one at a time. **Ownership**: the descriptor, non-blocking, stays the caller's.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Step handshake() = 0;
  virtual Step read(std::span<std::byte> into) = 0;
  virtual Step write(std::span<const Bytes> pieces) = 0;  ///< some of them, from the first on
  virtual void end_writing() = 0;                         ///< tells the other side that nothing more comes
  virtual int descriptor() const = 0;
  /// Why the last step said `closed`, for an administrator; empty: the other side has just ended.
  virtual std::string problem() const { return {}; }
};

}  // namespace fermata::tls
