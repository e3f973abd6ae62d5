#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace fermata::imports {

/// How far an import is, beside its report: its checkpoint, in JSON.
///
/// While files are read, the report itself says which one was the last. **Thread**: a value. **Errors** of `from_json`:
/// invalid, or unsupported if a newer version of the program wrote it.
struct ImportState {
  enum class Phase : uint8_t { files, verification, notes, done };
  Phase phase = Phase::files;
  uint64_t total = 0;     ///< entries of the source; 0: not known
  uint64_t report = 0;    ///< length of the report at which the phase stood
  uint64_t offset = 0;    ///< in the report: lines before it are verified
  uint64_t verified = 0;  ///< objects
  uint64_t edited = 0;    ///< of these: the archive's rules have changed them on their way in

  std::string to_json() const;
  static ImportState from_json(std::string_view text);  ///< of no text: the beginning
};

std::string_view name_of(ImportState::Phase phase);

}  // namespace fermata::imports
