#pragma once
#include <compare>
#include <cstdint>

namespace fermata::dicom {

/// A Data Element Tag (PS3.5 7.1), comparable in data set order.
struct Tag {
  uint32_t value = 0;

  constexpr Tag() = default;
  constexpr explicit Tag(uint32_t v) : value(v) {}
  constexpr Tag(uint16_t group, uint16_t element) : value(uint32_t{group} << 16 | element) {}
  constexpr uint16_t group() const { return static_cast<uint16_t>(value >> 16); }
  constexpr uint16_t element() const { return static_cast<uint16_t>(value); }
  constexpr bool is_group_length() const { return element() == 0; }
  constexpr bool is_private() const { return (group() & 1) != 0; }
  constexpr bool is_private_creator() const { return is_private() && element() >= 0x10 && element() <= 0xff; }
  friend constexpr auto operator<=>(Tag, Tag) = default;
};

/// A Value Representation (PS3.5 6.2) as its two letters.
struct Vr {
  uint16_t code = 0;

  constexpr Vr() = default;
  constexpr Vr(char first, char second)
      : code(static_cast<uint16_t>(static_cast<uint8_t>(first) << 8 | static_cast<uint8_t>(second))) {}
  constexpr Vr(const char (&name)[3]) : Vr(name[0], name[1]) {}
  constexpr char first() const { return static_cast<char>(code >> 8); }
  constexpr char second() const { return static_cast<char>(code & 0xff); }
  friend constexpr bool operator==(Vr, Vr) = default;

  /// In Explicit VR encodings the length takes 32 bits after two reserved ones (PS3.5 7.1.2).
  constexpr bool has_long_length() const {
    switch (code) {
      case Vr("OB").code:
      case Vr("OD").code:
      case Vr("OF").code:
      case Vr("OL").code:
      case Vr("OV").code:
      case Vr("OW").code:
      case Vr("SQ").code:
      case Vr("SV").code:
      case Vr("UC").code:
      case Vr("UN").code:
      case Vr("UR").code:
      case Vr("UT").code:
      case Vr("UV").code:
        return true;
      default:
        return false;
    }
  }
  /// Values are text in the data set's Specific Character Set (PS3.5 6.1.2.3).
  constexpr bool is_text() const {
    return *this == Vr("LO") || *this == Vr("LT") || *this == Vr("PN") || *this == Vr("SH") || *this == Vr("ST") ||
           *this == Vr("UC") || *this == Vr("UT");
  }
  /// Values are characters: text, or the default repertoire.
  constexpr bool is_string() const {
    return is_text() || *this == Vr("AE") || *this == Vr("AS") || *this == Vr("CS") || *this == Vr("DA") ||
           *this == Vr("DS") || *this == Vr("DT") || *this == Vr("IS") || *this == Vr("TM") || *this == Vr("UI") ||
           *this == Vr("UR");
  }
};

inline constexpr Tag kSpecificCharacterSet{0x0008, 0x0005};
inline constexpr Tag kSopClassUid{0x0008, 0x0016};
inline constexpr Tag kSopInstanceUid{0x0008, 0x0018};
inline constexpr Tag kStudyDate{0x0008, 0x0020};
inline constexpr Tag kStudyTime{0x0008, 0x0030};
inline constexpr Tag kAccessionNumber{0x0008, 0x0050};
inline constexpr Tag kQueryRetrieveLevel{0x0008, 0x0052};
inline constexpr Tag kRetrieveAeTitle{0x0008, 0x0054};
inline constexpr Tag kInstanceAvailability{0x0008, 0x0056};
inline constexpr Tag kModality{0x0008, 0x0060};
inline constexpr Tag kModalitiesInStudy{0x0008, 0x0061};
inline constexpr Tag kSopClassesInStudy{0x0008, 0x0062};
inline constexpr Tag kTimezoneOffsetFromUtc{0x0008, 0x0201};
inline constexpr Tag kPatientName{0x0010, 0x0010};
inline constexpr Tag kPatientId{0x0010, 0x0020};
inline constexpr Tag kIssuerOfPatientId{0x0010, 0x0021};
inline constexpr Tag kPatientBirthDate{0x0010, 0x0030};
inline constexpr Tag kNumberOfPatientRelatedStudies{0x0020, 0x1200};
inline constexpr Tag kNumberOfPatientRelatedSeries{0x0020, 0x1202};
inline constexpr Tag kNumberOfPatientRelatedInstances{0x0020, 0x1204};
inline constexpr Tag kNumberOfStudyRelatedSeries{0x0020, 0x1206};
inline constexpr Tag kNumberOfStudyRelatedInstances{0x0020, 0x1208};
inline constexpr Tag kNumberOfSeriesRelatedInstances{0x0020, 0x1209};
inline constexpr Tag kStudyInstanceUid{0x0020, 0x000d};
inline constexpr Tag kSeriesInstanceUid{0x0020, 0x000e};
inline constexpr Tag kStudyId{0x0020, 0x0010};
inline constexpr Tag kSeriesNumber{0x0020, 0x0011};
inline constexpr Tag kInstanceNumber{0x0020, 0x0013};
inline constexpr Tag kPixelData{0x7fe0, 0x0010};
inline constexpr Tag kItem{0xfffe, 0xe000};
inline constexpr Tag kItemDelimitation{0xfffe, 0xe00d};
inline constexpr Tag kSequenceDelimitation{0xfffe, 0xe0dd};

}  // namespace fermata::dicom
