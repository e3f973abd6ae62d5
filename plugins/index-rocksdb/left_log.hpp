#pragma once
#include <filesystem>

namespace fermata::index_rocksdb {

/// Looks at the write-ahead log that earlier runs have left in `folder`, before it is opened. True: it is short enough
/// to stay, to be read again at the next start, and is durable now. False: it is to become tables.
///
/// If it became tables at every start, a program that is killed again and again before it can merge them would end with
/// so many that RocksDB stops its writers.
///
/// **Errors**: Error (io).
bool keep_log(const std::filesystem::path& folder);

/// Makes what was written to a file or folder survive a power cut. **Errors**: Error (io).
void sync_to_disk(const std::filesystem::path& path);

}  // namespace fermata::index_rocksdb
