#pragma once
#include <chrono>
#include <cstdint>
#include <span>

#include "transport.hpp"

namespace fermata::http {

/// How slow the other side may be: in each interval it has to take or send this many bytes.
struct Pace {
  std::chrono::milliseconds interval{30'000};
  uint64_t bytes = 1;
};

/// Where an answer is written to.
class Sink {
 public:
  virtual ~Sink() = default;
  /// Waits until all pieces are on their way. **Errors**: cancelled.
  virtual void write(std::span<const Bytes> pieces) = 0;
};

/// Where a body is read from.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::size_t read(std::span<std::byte> into) = 0;  ///< waits; 0 at the end. **Errors**: cancelled
};

/// A connection for a thread that may wait, but not for ever.
///
/// **Thread**: one at a time. **Errors**: cancelled when the other side is gone or slower than the pace.
class WaitingStream final : public Sink, public Source {
 public:
  WaitingStream(Transport& transport, Pace pace);

  std::size_t read(std::span<std::byte> into) override;
  void write(std::span<const Bytes> pieces) override;
  bool too_slow() const { return too_slow_; }
  bool client_gone() const { return client_gone_; }  ///< it takes nothing more, or sends nothing more

 private:
  /// The time that was spent waiting in the current interval, and what came of it.
  struct Interval {
    Pace pace;
    std::chrono::nanoseconds waited{0};
    uint64_t moved = 0;
  };

  void wait(Step::Kind kind, Interval& interval);

  Transport& transport_;
  Interval reading_;
  Interval writing_;
  bool too_slow_ = false;
  bool client_gone_ = false;
};

}  // namespace fermata::http
