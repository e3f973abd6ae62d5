#pragma once
#include <cstdint>

#include "command_set.hpp"

/// Status codes of DIMSE responses (PS3.7 Annex C, PS3.4 Annexes B and C).
namespace fermata::dimse::status {
inline constexpr uint16_t kSuccess = 0x0000;
inline constexpr uint16_t kProcessingFailure = 0x0110;
inline constexpr uint16_t kDuplicateSopInstance = 0x0111;
inline constexpr uint16_t kSopClassNotSupported = 0x0122;
inline constexpr uint16_t kNotAuthorized = 0x0124;
inline constexpr uint16_t kUnrecognizedOperation = 0x0211;
inline constexpr uint16_t kResourceLimitation = 0x0213;
inline constexpr uint16_t kOutOfResources = 0xa700;
inline constexpr uint16_t kUnableToCountMatches = 0xa701;
inline constexpr uint16_t kUnableToPerformSubOperations = 0xa702;
inline constexpr uint16_t kMoveDestinationUnknown = 0xa801;
inline constexpr uint16_t kDataSetMismatch = 0xa900;
inline constexpr uint16_t kSubOperationsIncomplete = 0xb000;
inline constexpr uint16_t kCannotUnderstand = 0xc000;
inline constexpr uint16_t kUnableToProcess = 0xc001;
inline constexpr uint16_t kCancelled = 0xfe00;
inline constexpr uint16_t kPending = 0xff00;
inline constexpr uint16_t kPendingWithUnsupportedKeys = 0xff01;

/// There is no memory for a request just now (PS3.7 C.4, PS3.4 C.4).
constexpr uint16_t out_of_resources(uint16_t command_field) {
  const bool normalized = (command_field & field::kNEventReport) != 0;
  if (normalized) return kResourceLimitation;
  const bool retrieval = command_field == field::kMove || command_field == field::kGet;
  return retrieval ? kUnableToCountMatches : kOutOfResources;
}
}  // namespace fermata::dimse::status
