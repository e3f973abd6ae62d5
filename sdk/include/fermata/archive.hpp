#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/blob_store.hpp"
#include "fermata/c/archive.h"
#include "fermata/error.hpp"
#include "fermata/index.hpp"

namespace fermata {

/// Where an object comes from and what the sender says it is. Borrowed for the call of `store`.
struct StoreRequest {
  std::string_view transfer_syntax_uid;  ///< of the bytes that follow
  std::string_view sop_class_uid;        ///< as announced by the command; empty: whatever the data set says
  std::string_view sop_instance_uid;     ///< likewise
  std::string_view calling_ae_title;
  std::string_view called_ae_title;
  std::string_view peer_address;
  std::string_view protocol;            ///< "dimse", "dicomweb", "import"
  std::string_view study_instance_uid;  ///< the study it is meant for; empty: whatever the data set says
};

/// What became of an object. The views are valid until the operation ends.
struct StoreOutcome {
  enum class Kind : uint32_t {
    stored = FERMATA_STORED,
    identical = FERMATA_STORE_IDENTICAL,    ///< was there already, byte for byte; nothing was written
    kept_first = FERMATA_STORE_KEPT_FIRST,  ///< another object has this SOP Instance UID, and stays
    replaced = FERMATA_STORE_REPLACED,
    refused = FERMATA_STORE_REFUSED,
  };
  enum class Refusal : uint32_t {
    none = FERMATA_REFUSAL_NONE,
    out_of_space = FERMATA_REFUSAL_OUT_OF_SPACE,
    not_understood = FERMATA_REFUSAL_NOT_UNDERSTOOD,
    missing_attribute = FERMATA_REFUSAL_MISSING_ATTRIBUTE,
    sop_class_mismatch = FERMATA_REFUSAL_SOP_CLASS_MISMATCH,
    duplicate = FERMATA_REFUSAL_DUPLICATE,
    rule = FERMATA_REFUSAL_RULE,
    too_large = FERMATA_REFUSAL_TOO_LARGE,
    stopping = FERMATA_REFUSAL_STOPPING,
    failure = FERMATA_REFUSAL_FAILURE,
  };
  Kind kind = Kind::stored;
  Refusal refusal = Refusal::none;
  std::string_view reason;  ///< of a refusal: for the peer, ASCII, without patient data
  std::string_view study_instance_uid;
  std::string_view series_instance_uid;
  std::string_view sop_instance_uid;
  std::string_view sop_class_uid;
};

/// Takes in one data set as it arrives. Holds no more than its header in memory.
/// **Ownership**: the caller's; destroyed without `finish`, nothing was stored. **Thread**: one at a time.
class StoreOperation {
 public:
  virtual ~StoreOperation() = default;
  /// The data set's next bytes, in pieces of any size. An object that is going to be refused is swallowed: `finish`
  /// says why.
  virtual void append(std::span<const std::byte> data) = 0;
  /// The data set is complete. Any outcome but `refused` means: it is in the archive and survives a power cut.
  virtual StoreOutcome finish() = 0;
};

/// Reads the data set of one instance as stored, from its first byte (no preamble, no file meta information).
/// **Thread**: any number at once.
class ObjectReader {
 public:
  virtual ~ObjectReader() = default;
  virtual uint64_t length() = 0;
  /// Fills `into` from `offset` on and returns the number of bytes; fewer than asked for only at the end.
  virtual uint64_t read_at(uint64_t offset, std::span<std::byte> into) = 0;
};

/// The only way in and out: C-STORE, C-FIND, C-MOVE, C-GET and every other protocol call this and nothing below it.
///
/// *Provided by* the archive plugin; *used by* protocol plugins.
/// **Thread**: all functions from any thread. **Ownership**: returned objects are the caller's and end before `stop`.
/// **Errors**: invalid (a query that can't be), not_found, io, corrupt, unavailable (stopping).
class Archive {
 public:
  static constexpr const char* kId = FERMATA_ARCHIVE_ID;
  virtual ~Archive() = default;
  virtual std::unique_ptr<StoreOperation> store(const StoreRequest& request) = 0;
  virtual std::unique_ptr<MatchCursor> find(const Query& query) = 0;
  virtual std::unique_ptr<InstanceCursor> instances(const Selection& selection) = 0;
  /// `record` as it came from `instances`. Error not_found if it was removed meanwhile.
  virtual std::unique_ptr<ObjectReader> open(const InstanceRecord& record) = 0;
  /// Removes for good and returns the number of instances. An empty selection is Error invalid.
  virtual uint64_t remove(const Selection& selection) = 0;
  virtual IndexStatistics statistics() = 0;
  /// What came and went after this number in the index's sequence; error unsupported from an archive of an older SDK.
  virtual std::unique_ptr<ChangeCursor> changes(uint64_t /*after*/) {
    throw Error(Code::unsupported, "this archive tells of no changes");
  }
  /// Of the blob store; likewise.
  virtual Capacity capacity() { throw Error(Code::unsupported, "this archive does not know its capacity"); }
};

}  // namespace fermata

#include "fermata/bridge/archive.hpp"  // IWYU pragma: export
