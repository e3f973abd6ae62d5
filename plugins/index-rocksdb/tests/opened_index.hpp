#pragma once
#include <optional>

#include "fermata/testing/temporary_folder.hpp"
#include "rocks_index.hpp"
#include "rocks_state_store.hpp"

namespace fermata::index_rocksdb {

using testing::TemporaryFolder;

/// An index and a state store in a folder of their own, for a test.
class OpenedIndex {
 public:
  OpenedIndex() { open(); }
  void reopen() {
    close();
    open();
  }
  void close() {
    store.reset();
    index.reset();
    database.reset();
  }
  void open() {
    database.emplace(DatabaseSettings{folder.path()});
    index.emplace(*database);
    store.emplace(*database);
  }

  TemporaryFolder folder;
  std::optional<Database> database;
  std::optional<RocksIndex> index;
  std::optional<RocksStateStore> store;
};

}  // namespace fermata::index_rocksdb
