#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "recorded_event.hpp"

namespace fermata::audit_trail {

/// Events as the state store keeps them: JSON with a format number, some hundred events a document, whose id is the
/// number of the first one with leading zeros.
inline constexpr std::string_view kEventsCollection = "audit.events";
inline constexpr std::size_t kMostEventsOfDocument = 200;  ///< with the longest texts, below a document's 1 MiB

std::string document_id(uint64_t number);
/// Zero where it is none.
uint64_t number_of(std::string_view id);

std::string to_document(std::span<const RecordedEvent> events);
/// **Errors**: corrupt, or unsupported if a newer version of the program wrote it.
std::vector<RecordedEvent> events_from_document(std::string_view id, std::span<const std::byte> content);

}  // namespace fermata::audit_trail
