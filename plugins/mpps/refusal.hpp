#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "fermata/dicom/tag.hpp"
#include "fermata/dimse_association.hpp"

namespace fermata::mpps {

/// Status codes (PS3.7 Annex C, PS3.4 F.7.2.2.4).
namespace status {
inline constexpr uint16_t kRequestedOptionalAttributesNotSupported = 0x0001;
inline constexpr uint16_t kInvalidAttributeValue = 0x0106;
inline constexpr uint16_t kProcessingFailure = 0x0110;
inline constexpr uint16_t kDuplicateSopInstance = 0x0111;
inline constexpr uint16_t kNoSuchSopInstance = 0x0112;
inline constexpr uint16_t kInvalidSopInstance = 0x0117;
inline constexpr uint16_t kNoSuchSopClass = 0x0118;
inline constexpr uint16_t kMissingAttribute = 0x0120;
inline constexpr uint16_t kMissingAttributeValue = 0x0121;
inline constexpr uint16_t kUnrecognizedOperation = 0x0211;
}  // namespace status

/// A request that is answered with a failure: the status, and which attributes it is about.
class Refusal : public std::runtime_error {
 public:
  Refusal(uint16_t status, const std::string& comment, const std::vector<dicom::Tag>& attributes = {},
          uint16_t error_id = 0);
  /// For `responder.send`; borrows from this.
  DimseResponse response() const;
  uint16_t status() const { return status_; }

 private:
  const uint16_t status_;
  const uint16_t error_id_;
  std::vector<uint32_t> attributes_;
};

}  // namespace fermata::mpps
