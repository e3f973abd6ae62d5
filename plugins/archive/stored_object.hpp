#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/blob_store.hpp"
#include "fermata/index.hpp"
#include "settings.hpp"

namespace fermata::archive {

/// The UIDs that identify an instance, without padding.
struct Identity {
  std::string study;
  std::string series;
  std::string sop_instance;
  std::string sop_class;

  /// From a header. **Errors**: Refused (missing_attribute) unless all are there and valid (PS3.5 9.1; components with
  /// leading zeros are tolerated).
  static Identity of(std::span<const std::byte> header);
};

/// An InstanceRecord that owns what it says. **Thread**: a value.
struct StoredObject {
  Identity identity;
  std::string transfer_syntax_uid;
  std::vector<std::byte> header;
  std::string blob_key;
  uint64_t blob_length = 0;
  uint64_t data_set_offset = 0;
  Checksum checksum{};
  int64_t received_us = 0;
  std::string source_ae_title;
  std::vector<BulkValue> bulk;

  static StoredObject from(const InstanceRecord& record);
  InstanceRecord record() const;
  bool same_bytes(const StoredObject& other) const {
    return checksum == other.checksum && transfer_syntax_uid == other.transfer_syntax_uid;
  }
};

/// What the index has under a SOP Instance UID, without header.
std::optional<StoredObject> find_instance(Index& index, std::string_view sop_instance_uid);

/// Reads a whole blob and makes of it what its index record must be.
/// **Errors**: Error (not_found, io, corrupt: it is no file of ours), Refused (its data set is damaged).
StoredObject inspect_blob(BlobStore& blobs, std::string_view key, const ScanLimits& limits);

bool exists(BlobStore& blobs, std::string_view key);
void remove_if_there(BlobStore& blobs, std::string_view key);

}  // namespace fermata::archive
