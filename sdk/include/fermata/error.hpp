#pragma once
#include <stdexcept>
#include <string>

#include "fermata/c/abi.h"

namespace fermata {

/// Why a call failed. The values cross the boundary between plugins; see `fermata/c/abi.h`.
enum class Code : int32_t {
  internal = FERMATA_INTERNAL,
  out_of_memory = FERMATA_OUT_OF_MEMORY,
  invalid = FERMATA_INVALID,
  not_found = FERMATA_NOT_FOUND,
  conflict = FERMATA_CONFLICT,
  no_space = FERMATA_NO_SPACE,
  io = FERMATA_IO,
  corrupt = FERMATA_CORRUPT,
  unsupported = FERMATA_UNSUPPORTED,
  unavailable = FERMATA_UNAVAILABLE,
  cancelled = FERMATA_CANCELLED,
  refused = FERMATA_REFUSED,
};

/// The one exception of the SDK. The message names the thing and what to do about it; it never holds patient data.
///
/// **Thread**: a value. **Errors**: thrown by one plugin, it arrives at its caller in another with the same code and
/// text.
class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}
  Code code() const noexcept { return code_; }

 private:
  Code code_;
};

}  // namespace fermata
