#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/index.hpp"
#include "keys.hpp"

// The values of the family `records`. Each begins with the version of its encoding; numbers are varints, strings have
// their lengths before them; what the key says is not repeated.
namespace fermata::index_rocksdb {

/// How often each of a few values occurs, in the order of the values.
class Tally {
 public:
  /// True if it is there for the first time.
  bool add(std::string_view value, uint64_t times = 1);
  /// True if it was there for the last time.
  bool remove(std::string_view value);
  const std::vector<std::pair<std::string, uint64_t>>& entries() const { return entries_; }
  /// The values with `\` between them, as a multi-valued attribute.
  std::string joined() const;
  bool operator==(const Tally&) const = default;

 private:
  std::vector<std::pair<std::string, uint64_t>> entries_;
};

/// What a study or a series is made of, exact whatever comes and goes.
struct Counts {
  uint64_t series = 0;  ///< of a study
  uint64_t instances = 0;
  Tally modalities;   ///< of a study: series by modality
  Tally sop_classes;  ///< instances by SOP class
  bool operator==(const Counts&) const = default;
};

std::string encode_counts(const Counts& counts);
/// Error corrupt, naming the UIDs in `key`.
Counts decode_counts(std::string_view key, std::string_view value);

/// `data_set` holds the attributes of a study or series.
std::string encode_attributes(std::span<const std::byte> data_set);
/// A view into `value`.
std::span<const std::byte> decode_attributes(std::string_view key, std::string_view value);

/// Without UIDs that are in the key, and without the header.
std::string encode_instance(const InstanceRecord& record);
/// Views into `key`, `value`; `bulk` and `blob_key` keep what is not there in one piece.
InstanceRecord decode_instance(std::string_view key, std::string_view value, std::vector<BulkValue>& bulk,
                               std::string& blob_key, std::string& uids);

}  // namespace fermata::index_rocksdb
