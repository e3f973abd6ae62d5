#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace fermata::transfers {

/// What a job of the kind "send" is to do, as its parameters say it in JSON.
///
/// **Thread**: a value. **Errors** of `from_json`: invalid, or unsupported if a newer version of the program wrote it.
struct SendParameters {
  std::string node;  ///< AE title
  std::vector<std::string> studies;
  std::vector<std::string> series;
  std::string user;     ///< on whose behalf, for the audit trail
  std::string address;  ///< from where they asked for it

  std::string to_json() const;
  static SendParameters from_json(std::span<const std::byte> text);
  /// "Send 2 studies to READING1"
  std::string title() const;
};

}  // namespace fermata::transfers
