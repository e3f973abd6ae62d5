#pragma once
#include <optional>
#include <string_view>

namespace fermata::dimse {

namespace transfer_syntax {
inline constexpr std::string_view kImplicitLittleEndian = "1.2.840.10008.1.2";
inline constexpr std::string_view kExplicitLittleEndian = "1.2.840.10008.1.2.1";
inline constexpr std::string_view kDeflatedExplicitLittleEndian = "1.2.840.10008.1.2.1.99";
inline constexpr std::string_view kExplicitBigEndian = "1.2.840.10008.1.2.2";
}  // namespace transfer_syntax

/// How the elements of a data set without compressed pixel data are encoded (PS3.5 7, A.1 to A.3, A.5).
struct Encoding {
  bool explicit_vr = true;
  bool big_endian = false;
  bool deflated = false;
  friend bool operator==(const Encoding&, const Encoding&) = default;
};

/// Empty for every other transfer syntax: those of compressed pixel data, and unknown ones.
inline std::optional<Encoding> uncompressed_encoding(std::string_view transfer_syntax_uid) {
  if (transfer_syntax_uid == transfer_syntax::kImplicitLittleEndian) return Encoding{false, false, false};
  if (transfer_syntax_uid == transfer_syntax::kExplicitLittleEndian) return Encoding{true, false, false};
  if (transfer_syntax_uid == transfer_syntax::kExplicitBigEndian) return Encoding{true, true, false};
  if (transfer_syntax_uid == transfer_syntax::kDeflatedExplicitLittleEndian) return Encoding{true, false, true};
  return {};
}

}  // namespace fermata::dimse
