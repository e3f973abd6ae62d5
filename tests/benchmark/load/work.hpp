#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>

#include "options.hpp"

namespace fermata::benchmark {

/// What one operation moved, and when its answer began, if that can be told apart from its end.
struct Done {
  uint64_t bytes = 0;
  uint64_t answers = 0;
  std::optional<double> first_byte_us;
};

/// The other side has answered, but not with success.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The operations of one connection. **Thread**: one at a time. **Errors**: std::runtime_error, when one fails.
class Work {
 public:
  virtual ~Work() = default;
  /// The n-th one: 0, 1, ...
  virtual Done once(uint64_t n) = 0;
};

/// Connects as connection `connection` of several. Null if the kind is not of this protocol.
std::unique_ptr<Work> dimse_work(const LoadOptions& options, unsigned connection);
std::unique_ptr<Work> http_work(const LoadOptions& options, unsigned connection);
/// Sends the bytes of a store to a sink.
std::unique_ptr<Work> raw_work(const LoadOptions& options, unsigned connection);

}  // namespace fermata::benchmark
