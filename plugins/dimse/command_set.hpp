#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::dimse {

/// Command Fields of the requests (PS3.7 E.1). A response has bit 15 set: `kResponse`.
namespace field {
inline constexpr uint16_t kStore = 0x0001;
inline constexpr uint16_t kGet = 0x0010;
inline constexpr uint16_t kFind = 0x0020;
inline constexpr uint16_t kMove = 0x0021;
inline constexpr uint16_t kEcho = 0x0030;
inline constexpr uint16_t kNEventReport = 0x0100;
inline constexpr uint16_t kNGet = 0x0110;
inline constexpr uint16_t kNSet = 0x0120;
inline constexpr uint16_t kNAction = 0x0130;
inline constexpr uint16_t kNCreate = 0x0140;
inline constexpr uint16_t kNDelete = 0x0150;
inline constexpr uint16_t kCancel = 0x0fff;
inline constexpr uint16_t kResponse = 0x8000;
}  // namespace field

/// Element numbers of the Command Set, all of group 0000 (PS3.7 E.1).
namespace element {
inline constexpr uint16_t kGroupLength = 0x0000;
inline constexpr uint16_t kAffectedSopClassUid = 0x0002;
inline constexpr uint16_t kRequestedSopClassUid = 0x0003;
inline constexpr uint16_t kCommandField = 0x0100;
inline constexpr uint16_t kMessageId = 0x0110;
inline constexpr uint16_t kMessageIdRespondedTo = 0x0120;
inline constexpr uint16_t kMoveDestination = 0x0600;
inline constexpr uint16_t kPriority = 0x0700;
inline constexpr uint16_t kDataSetType = 0x0800;
inline constexpr uint16_t kStatus = 0x0900;
inline constexpr uint16_t kOffendingElement = 0x0901;
inline constexpr uint16_t kErrorComment = 0x0902;
inline constexpr uint16_t kErrorId = 0x0903;
inline constexpr uint16_t kAffectedSopInstanceUid = 0x1000;
inline constexpr uint16_t kRequestedSopInstanceUid = 0x1001;
inline constexpr uint16_t kEventTypeId = 0x1002;
inline constexpr uint16_t kAttributeIdentifierList = 0x1005;
inline constexpr uint16_t kActionTypeId = 0x1008;
inline constexpr uint16_t kRemainingSubOperations = 0x1020;
inline constexpr uint16_t kCompletedSubOperations = 0x1021;
inline constexpr uint16_t kFailedSubOperations = 0x1022;
inline constexpr uint16_t kWarningSubOperations = 0x1023;
inline constexpr uint16_t kMoveOriginatorAeTitle = 0x1030;
inline constexpr uint16_t kMoveOriginatorMessageId = 0x1031;
}  // namespace element

/// The command half of a DIMSE message: elements of group 0000 in Implicit VR Little Endian (PS3.7 6.3).
///
/// **Thread**: a value. **Ownership**: owns its bytes. **Errors**: `parse` throws invalid for bytes that are not a
/// Command Set; the getters never throw: what is absent or malformed is empty or 0.
class CommandSet {
 public:
  CommandSet() = default;
  static CommandSet parse(std::span<const std::byte> bytes);
  /// The response to `request`: Command Field, Message ID Being Responded To, the SOP Class and Instance (as affected
  /// ones, whichever the request had), `status`, and no data set.
  static CommandSet response_to(const CommandSet& request, uint16_t status);

  /// With its Command Group Length in front.
  std::vector<std::byte> encode() const;

  uint16_t field() const { return u16(element::kCommandField).value_or(0); }
  uint16_t message_id() const { return u16(element::kMessageId).value_or(0); }
  uint16_t message_id_responded_to() const { return u16(element::kMessageIdRespondedTo).value_or(0); }
  uint16_t status() const { return u16(element::kStatus).value_or(0); }
  bool is_response() const { return (field() & field::kResponse) != 0; }
  bool has_data_set() const;
  /// The Affected or the Requested one, whichever is there.
  std::string sop_class_uid() const;
  std::string sop_instance_uid() const;

  std::optional<uint16_t> u16(uint16_t element) const;
  std::string text(uint16_t element) const;            ///< without padding; empty if absent
  std::vector<uint32_t> tags(uint16_t element) const;  ///< of VR AT, as group << 16 | element

  void set_u16(uint16_t element, uint16_t value);
  void set_text(uint16_t element, std::string_view value);  ///< padded to even length, with NUL for UIDs
  void set_tags(uint16_t element, std::span<const uint32_t> values);
  void set_has_data_set(bool present);
  /// Error Comment: printable ASCII, at most 64 characters; what exceeds this is cut or becomes '?'.
  void set_error_comment(std::string_view text);

 private:
  std::optional<std::span<const std::byte>> value(uint16_t element) const;
  std::span<std::byte> place(uint16_t element, std::size_t length);  ///< makes room and returns it

  std::vector<std::byte> bytes_;  ///< the elements without the group length, encoded, ascending
};

}  // namespace fermata::dimse
