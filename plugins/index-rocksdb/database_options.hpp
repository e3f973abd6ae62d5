#pragma once
#include <rocksdb/cache.h>
#include <rocksdb/options.h>

#include <atomic>
#include <memory>

#include "database.hpp"

// How RocksDB is set up. README.md says from which measurements.
namespace fermata::index_rocksdb {

/// One for all families, and for what is written but not yet flushed.
std::shared_ptr<rocksdb::Cache> make_cache(const DatabaseSettings& settings);

/// `log_failed` becomes true once the write-ahead log can't be written: then nothing may touch the log any more.
rocksdb::DBOptions database_options(const DatabaseSettings& settings, const std::shared_ptr<rocksdb::Cache>& cache,
                                    std::shared_ptr<std::atomic<bool>> log_failed);

rocksdb::ColumnFamilyOptions family_options(Family family, const std::shared_ptr<rocksdb::Cache>& cache);

}  // namespace fermata::index_rocksdb
