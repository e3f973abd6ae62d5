#pragma once
#include <array>

#include "fermata/dicom/transfer_syntax.hpp"

namespace fermata::dicom {

/// Compressed transfer syntaxes in which nothing can be lost, those that most receivers know first: for receivers that
/// take neither what is stored nor an uncompressed one. Whether there is a way to one, the Transcoder says.
inline constexpr std::array kLosslessTargets{transfer_syntax::kJpegLosslessSv1, transfer_syntax::kJpeg2000Lossless,
                                             transfer_syntax::kJpegLsLossless,  transfer_syntax::kRleLossless,
                                             transfer_syntax::kJpegLossless,    transfer_syntax::kHtj2kLosslessRpcl,
                                             transfer_syntax::kHtj2kLossless};

/// The last resort: something could be lost in these, but what is made for them loses nothing.
inline constexpr std::array kReversibleTargets{transfer_syntax::kJpeg2000, transfer_syntax::kHtj2k};

}  // namespace fermata::dicom
