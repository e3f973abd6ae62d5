#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "transaction.hpp"

namespace fermata::storage_commitment {

inline constexpr std::string_view kSopClassUid = "1.2.840.10008.1.20.1";       ///< Storage Commitment Push Model
inline constexpr std::string_view kSopInstanceUid = "1.2.840.10008.1.20.1.1";  ///< its well-known instance

/// Event Type ID (PS3.4 J.3.3.1.1).
inline constexpr uint16_t kAllCommitted = 1;
inline constexpr uint16_t kFailuresExist = 2;

/// The data set of N-EVENT-REPORT (PS3.4 table J.3-2): what is committed and what is not. An empty `retrieve_ae_title`
/// is left out.
std::vector<std::byte> event_report(const std::string& transaction_uid, const std::string& retrieve_ae_title,
                                    std::span<const Reference> references);

}  // namespace fermata::storage_commitment
