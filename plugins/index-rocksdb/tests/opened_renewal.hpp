#pragma once
#include <memory>
#include <string>
#include <vector>

#include "fermata/testing/temporary_folder.hpp"
#include "renewal.hpp"
#include "rocks_state_store.hpp"

namespace fermata::index_rocksdb {

using testing::TemporaryFolder;

/// An index that can be made anew, with the state store beside it, in a folder.
struct RenewableIndex {
  explicit RenewableIndex(const std::filesystem::path& folder)
      : database(DatabaseSettings{folder}),
        index(database, Journal{}),
        renewal(database, index, Journal{}),
        store(database) {}

  Database database;
  CurrentIndex index;
  Renewal renewal;
  RocksStateStore store;
};

/// The same, in a folder of its own, for a test.
class OpenedRenewal {
 public:
  OpenedRenewal() { open(); }
  void open() { opened_ = std::make_unique<RenewableIndex>(folder.path()); }
  void close() { opened_.reset(); }
  void reopen() {
    close();
    open();
  }
  RenewableIndex* operator->() { return opened_.get(); }

  TemporaryFolder folder;

 private:
  std::unique_ptr<RenewableIndex> opened_;
};

/// Puts in whatever the index in use has, as the archive does from the blobs.
inline void fill(NewIndex& to, Index& from) {
  Selection everything;
  everything.with_headers = true;
  const auto cursor = from.instances(everything);
  for (InstanceRecord record; cursor->next(record);) to.put(record);
}

}  // namespace fermata::index_rocksdb
