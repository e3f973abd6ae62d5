#include "fermata/testing/index_conformance.hpp"

#include <optional>

#include "rocks_index.hpp"
#include "temporary_folder.hpp"

namespace fermata::index_rocksdb {
namespace {

class Subject final : public testing::IndexSubject {
 public:
  Subject() { open(); }
  Index& index() override { return *index_; }
  bool reopen() override {
    index_.reset();
    database_.reset();
    open();
    return true;
  }

 private:
  void open() {
    database_.emplace(DatabaseSettings{folder_.path()});
    index_.emplace(*database_);
  }
  TemporaryFolder folder_;
  std::optional<Database> database_;
  std::optional<RocksIndex> index_;
};

}  // namespace

FERMATA_INDEX_CONFORMANCE("index-rocksdb", std::make_unique<Subject>())

}  // namespace fermata::index_rocksdb
