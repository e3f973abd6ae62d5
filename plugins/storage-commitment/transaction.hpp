#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fermata::storage_commitment {

/// Failure Reason (0008,1197), PS3.3 C.14.1.1; and two of our own for what has not failed.
namespace reason {
inline constexpr uint16_t kCommitted = 0x0000;
inline constexpr uint16_t kProcessingFailure = 0x0110;
inline constexpr uint16_t kNoSuchInstance = 0x0112;
inline constexpr uint16_t kClassInstanceConflict = 0x0119;
inline constexpr uint16_t kDuplicateTransaction = 0x0131;
inline constexpr uint16_t kUnchecked = 0xffff;
}  // namespace reason

/// One instance that somebody wants to have committed, and what became of it.
struct Reference {
  std::string sop_class_uid;
  std::string sop_instance_uid;
  uint16_t reason = reason::kUnchecked;
  friend bool operator==(const Reference&, const Reference&) = default;
};

/// One request for storage commitment, without its references, of which there may be many.
struct Transaction {
  enum class State { checking, reporting, reported, given_up };

  std::string key;              ///< ours; ascends with the time of the request
  std::string uid;              ///< Transaction UID (0008,1195), the requester's
  std::string ae_title;         ///< of the requester
  std::string address;          ///< from which it has called
  std::string called_ae_title;  ///< by which it knows us
  int64_t requested_us = 0;     ///< microseconds since 1970
  uint64_t references = 0;
  uint64_t failed = 0;
  State state = State::checking;
  uint32_t attempts = 0;  ///< to deliver the report
  int64_t changed_us = 0;
  std::string problem;  ///< why the last attempt did not succeed

  bool finished() const { return state == State::reported || state == State::given_up; }
};

/// For people and for the document: "checking", "reporting", "reported", "given up".
std::string_view name_of(Transaction::State state);
/// For people: "no such object instance".
std::string_view name_of_reason(uint16_t reason);

/// As the state store keeps them: JSON with a format number. **Errors**: corrupt, or unsupported if a newer version of
/// the program wrote it.
std::string to_document(const Transaction& transaction);
Transaction transaction_from_document(std::string_view key, std::span<const std::byte> content);
std::string to_document(std::span<const Reference> references);
std::vector<Reference> references_from_document(std::span<const std::byte> content);

}  // namespace fermata::storage_commitment
