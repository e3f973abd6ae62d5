#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "acceptance.hpp"
#include "fermata/transcoder.hpp"

namespace fermata::dicomweb {

/// How frames are sent: as pixels or as compressed bit streams.
struct FrameForm {
  std::string media_type;
  std::string transfer_syntax;
  bool multipart = true;
  bool as_stored = false;
};

/// What a media range means for frames of an object that is stored in a transfer syntax (PS3.18 8.7.3.3); nothing:
/// there is no way. Where nothing says how frames shall be packed, they are parts of a body, also a single one.
std::optional<FrameForm> frame_form(const MediaRange& range, std::string_view stored, bool one_frame,
                                    Transcoder& transcoder);

}  // namespace fermata::dicomweb
