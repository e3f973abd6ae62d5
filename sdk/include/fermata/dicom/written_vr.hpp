#pragma once
#include <algorithm>
#include <array>
#include <optional>

#include "fermata/dicom/tag.hpp"

namespace fermata::dicom {

/// What stands where an explicit transfer syntax has the Value Representation.
struct WrittenVr {
  Vr vr;                     ///< that is meant
  bool long_length = false;  ///< 32 bits, after two bytes that say nothing
};

/// One of the Value Representations of PS3.5 6.2.
constexpr bool is_known(Vr vr) {
  constexpr std::array kKnown = {Vr("AE"), Vr("AS"), Vr("AT"), Vr("CS"), Vr("DA"), Vr("DS"), Vr("DT"),
                                 Vr("FD"), Vr("FL"), Vr("IS"), Vr("LO"), Vr("LT"), Vr("OB"), Vr("OD"),
                                 Vr("OF"), Vr("OL"), Vr("OV"), Vr("OW"), Vr("PN"), Vr("SH"), Vr("SL"),
                                 Vr("SQ"), Vr("SS"), Vr("ST"), Vr("SV"), Vr("TM"), Vr("UC"), Vr("UI"),
                                 Vr("UL"), Vr("UN"), Vr("UR"), Vr("US"), Vr("UT"), Vr("UV")};
  return std::find(kKnown.begin(), kKnown.end(), vr) != kKnown.end();
}

/// Empty: nothing that could stand there. One that is not known yet is UN with a length of 32 bits (PS3.5 6.2), and so
/// is, with one of 16 bits, what some senders write where they know none. OX stands above pixel data of some, and
/// others write in lower case what they mean.
constexpr std::optional<WrittenVr> written_vr(char first, char second) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto placeholder = [](char c) { return c == '\0' || c == ' ' || c == '?' || c == '-'; };
  const Vr vr(first, second);
  if (is_known(vr)) return WrittenVr{vr, vr.has_long_length()};
  if (vr == Vr("OX")) return WrittenVr{"OW", true};
  if (upper(first) && upper(second)) return WrittenVr{"UN", true};
  if (placeholder(first) && placeholder(second)) return WrittenVr{"UN", false};
  if (!lower(first) || !lower(second)) return {};
  const Vr meant(static_cast<char>(first - 'a' + 'A'), static_cast<char>(second - 'a' + 'A'));
  if (!is_known(meant)) return {};
  return WrittenVr{meant, meant.has_long_length()};
}

}  // namespace fermata::dicom
