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
  /// One occurrence of a value becomes one of another; empty means none.
  void recount(std::string_view from, std::string_view to);
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

/// What a study or series says of itself: the first value of each attribute, in the order in which its instances came.
struct Attributes {
  std::string origin;  ///< SOP Instance UID of the first instance, from which most of it is
  std::vector<std::byte> data_set;
  bool operator==(const Attributes&) const = default;
};

std::string encode_attributes(const Attributes& attributes);
Attributes decode_attributes(std::string_view key, std::string_view value);

/// Without UIDs that are in the key, and without the header. `arrival` orders the instances of a study by when each
/// came for the first time.
std::string encode_instance(const InstanceRecord& record, uint64_t arrival);

/// An instance record taken apart; views into key and value, and into what it holds itself.
/// **Ownership**: `record` is valid until the next `read`, and as long as key and value are.
class DecodedInstance {
 public:
  /// Error corrupt, naming the UIDs in `key`.
  void read(std::string_view key, std::string_view value);
  const InstanceRecord& record() const { return record_; }
  uint64_t arrival() const { return arrival_; }

 private:
  InstanceRecord record_;
  uint64_t arrival_ = 0;
  std::vector<BulkValue> bulk_;
  std::string blob_key_;
  std::string sop_class_;
  std::string transfer_syntax_;
};

}  // namespace fermata::index_rocksdb
