#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "fermata/dicom/transfer_syntax.hpp"
#include "fermata/transcoder.hpp"

namespace fermata::dicomweb {

inline constexpr std::string_view kImplicitLittle = dicom::transfer_syntax::kImplicitLittleEndian;
inline constexpr std::string_view kExplicitLittle = dicom::transfer_syntax::kExplicitLittleEndian;
inline constexpr std::string_view kExplicitBig = dicom::transfer_syntax::kExplicitBigEndian;

/// Pixel data is not in fragments. Of a transfer syntax that nobody knows it is not said.
bool is_native(std::string_view transfer_syntax);
/// The pixel data may have lost something already: nobody shall make it larger without being asked to.
bool may_be_lossy(std::string_view transfer_syntax);
bool is_video(std::string_view transfer_syntax);

/// The media type of a compressed bit stream (PS3.18 Table 8.7.3-5); empty where there is none for it.
std::string_view media_type_of(std::string_view transfer_syntax);
/// The transfer syntax that a media type of bit streams or pixels means where it names none; empty for any other type.
std::string_view default_transfer_syntax(std::string_view media_type);

/// A transfer syntax for an object, as a client accepts it.
struct ChosenTransferSyntax {
  std::string uid;
  bool as_stored = false;
  bool stored_will_do = false;  ///< where there turns out to be no way to this one
};

/// The transfer syntax of an instance that is wanted in `wanted` (PS3.18 8.7.3.2, 8.7.3.5.2): a UID, `*` for as stored,
/// or empty for the default, which is Explicit VR Little Endian unless only lossy pixels exist. What can't be brought
/// to the default is given as stored: the client sees from the answer what it is. Implicit VR and Big Endian are not
/// used unless by name, or where nobody can change them. `transcoder` may be null.
std::optional<ChosenTransferSyntax> choose_transfer_syntax(std::string_view wanted, std::string_view stored,
                                                           Transcoder* transcoder);

}  // namespace fermata::dicomweb
