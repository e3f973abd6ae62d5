#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/index.h"

namespace fermata {

/// Query/Retrieve Level (PS3.4 C.6).
enum class Level : uint32_t {
  patient = FERMATA_LEVEL_PATIENT,
  study = FERMATA_LEVEL_STUDY,
  series = FERMATA_LEVEL_SERIES,
  image = FERMATA_LEVEL_IMAGE,
};

/// A top-level element whose value is left out of the header: pixel data, and every binary value over 64 KiB.
using BulkValue = fermata_bulk_value;
using Checksum = std::array<uint8_t, 16>;

/// One stored instance. All views are borrowed: from the caller of `upsert` for the call, from a cursor until its next.
///
/// `header` is the data set in PS3.5 Explicit VR Little Endian, UTF-8, ascending tags, sequences and items with defined
/// length, without group lengths and without the values in `bulk`. (0008,0005) says ISO_IR 192 or is absent.
struct InstanceRecord {
  std::string_view study_instance_uid;
  std::string_view series_instance_uid;
  std::string_view sop_instance_uid;
  std::string_view sop_class_uid;
  std::string_view transfer_syntax_uid;  ///< of the stored bytes
  std::span<const std::byte> header;
  std::string_view blob_key;
  uint64_t blob_length = 0;
  uint64_t data_set_offset = 0;  ///< in the blob: bytes of preamble and file meta information
  Checksum checksum{};           ///< XXH3-128, big-endian, of the data set's bytes as stored
  int64_t received_us = 0;       ///< microseconds since 1970-01-01 UTC
  std::string_view source_ae_title;
  std::span<const BulkValue> bulk;
};

/// Instances ordered by study, series, Instance Number, SOP Instance UID, on a snapshot. **Thread**: one at a time.
class InstanceCursor {
 public:
  virtual ~InstanceCursor() = default;
  virtual bool next(InstanceRecord& record) = 0;
};

/// Answers to a query, on a snapshot, produced as they are asked for. **Thread**: one at a time.
class MatchCursor {
 public:
  virtual ~MatchCursor() = default;
  /// A data set with the attributes the query asked for; an attribute without a value is present and empty.
  virtual bool next(std::span<const std::byte>& identifier) = 0;
};

struct Change {
  enum class Kind : uint32_t {
    stored = FERMATA_CHANGE_STORED,
    replaced = FERMATA_CHANGE_REPLACED,
    removed = FERMATA_CHANGE_REMOVED
  };
  uint64_t sequence = 0;  ///< ascending, without gaps
  Kind kind = Kind::stored;
  int64_t time_us = 0;
  std::string_view study_instance_uid;
  std::string_view series_instance_uid;
  std::string_view sop_instance_uid;
};

class ChangeCursor {
 public:
  virtual ~ChangeCursor() = default;
  virtual bool next(Change& change) = 0;
};

/// What to look for. `identifier` is a PS3.5 data set like a `header`: an empty element is a return key, one with a
/// value a matching key (PS3.4 C.2.2.2). Keys of every level are allowed at every level (relational, PS3.4
/// C.4.1.3.2.1): at STUDY level a key of a lower level matches if any series or instance has it, and several such keys
/// if one instance with its series has all (`dicom/attribute_level.hpp` says which key belongs where). A patient is who
/// has one Patient ID, issuer, name and birth date. Group lengths, (0008,0005), (0008,0052), (0008,0054) and
/// (0008,0056) are the protocol's: an index neither matches nor returns them.
struct Query {
  /// By date: Study Date and Time. By name: Patient's Name, of its component groups the first that a key for the name
  /// matches. Studies without a date, or a name, come last in either direction.
  enum class Order : uint32_t {
    any = FERMATA_ORDER_ANY,
    newest_first = FERMATA_ORDER_NEWEST_FIRST,
    oldest_first = FERMATA_ORDER_OLDEST_FIRST,
    patient_name = FERMATA_ORDER_PATIENT_NAME,
    patient_name_reversed = FERMATA_ORDER_PATIENT_NAME_REVERSED,
  };
  Level level = Level::study;
  std::span<const std::byte> identifier;
  Order order = Order::any;
  uint64_t offset = 0;
  uint64_t limit = UINT64_MAX;
  /// A date range and the time range beside it are one range (PS3.4 C.2.2.2.5). Without it they match separately,
  /// except that two ranges open on the same side ("since noon two days ago") are always taken as one.
  bool combined_date_time = false;
};

/// Which instances: those that satisfy every list that is not empty. All lists empty: everything.
struct Selection {
  std::span<const std::string_view> patient_ids;
  std::span<const std::string_view> study_instance_uids;
  std::span<const std::string_view> series_instance_uids;
  std::span<const std::string_view> sop_instance_uids;
  bool with_headers = false;
};

struct IndexStatistics {
  uint64_t studies = 0;
  uint64_t series = 0;
  uint64_t instances = 0;
  uint64_t bytes = 0;  ///< sum of the blobs' lengths
};

/// Changes to one study that become visible together.
/// **Thread**: one at a time. It holds the study's lock: keep it short, and never begin a second one on the same
/// thread.
class IndexTransaction {
 public:
  virtual ~IndexTransaction() = default;
  /// Adds an instance, or replaces the record of its SOP Instance UID. Idempotent. Error conflict if that SOP Instance
  /// UID is indexed under another study or series; Error invalid if the record's study is not the transaction's.
  virtual void upsert(const InstanceRecord& record) = 0;
  /// False if there is no such instance in this study. The last one of a series or study takes that with it.
  virtual bool remove(std::string_view sop_instance_uid) = 0;
  virtual void commit() = 0;
};

/// Knows every instance, answers queries, and can be made anew from the blob store at any time.
///
/// *Provided by* index plugins; *used by* the archive only: others go through the archive.
/// **Consistency**: counts and sets of studies and series change in the same step as the instance.
/// **Durability**: a commit survives the end of the process, but not a power cut before the next `sync`.
/// **Thread**: all functions from any thread; transactions on different studies run side by side.
/// **Errors**: invalid, conflict, not_found, io, corrupt.
class Index {
 public:
  static constexpr const char* kId = FERMATA_INDEX_ID;
  virtual ~Index() = default;
  virtual std::unique_ptr<IndexTransaction> begin(std::string_view study_instance_uid) = 0;
  virtual std::unique_ptr<MatchCursor> find(const Query& query) = 0;
  virtual std::unique_ptr<InstanceCursor> instances(const Selection& selection) = 0;
  /// Changes with a sequence greater than `after`.
  virtual std::unique_ptr<ChangeCursor> changes(uint64_t after) = 0;
  virtual IndexStatistics statistics() = 0;
  virtual void sync() = 0;
  /// Forgets everything except the sequence of changes. No transaction may be open.
  virtual void clear() = 0;
};

}  // namespace fermata

#include "fermata/bridge/index.hpp"  // IWYU pragma: export
