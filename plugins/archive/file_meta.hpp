#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "fermata/blob_store.hpp"

namespace fermata::archive {

/// What stands before the data set in a blob (PS3.10 7.1). The time of receipt is kept as private information, so that
/// an index made anew from the blobs equals the first one. **Thread**: a value.
struct FileMeta {
  std::string sop_class_uid;
  std::string sop_instance_uid;
  std::string transfer_syntax_uid;
  std::string source_ae_title;
  int64_t received_us = 0;  ///< 0: not known, the file was not written by an archive like this one

  /// Preamble, prefix and meta information: equal values give equal bytes.
  std::vector<std::byte> encode() const;
};

struct ReadFileMeta {
  FileMeta meta;
  uint64_t data_set_offset = 0;
};

/// Reads what `encode` has written, and the meta information of other writers. **Errors**: Error corrupt.
ReadFileMeta read_file_meta(BlobReader& blob);

}  // namespace fermata::archive
