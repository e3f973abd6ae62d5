#pragma once
#include <memory>
#include <string>

#include "database.hpp"
#include "fermata/index.hpp"

namespace fermata::index_rocksdb {

std::string encode_change(Change::Kind kind, int64_t time_us, std::string_view study, std::string_view series,
                          std::string_view instance);

/// Walks the change feed. **Thread**: one at a time. **Errors**: corrupt, io.
class RocksChangeCursor final : public ChangeCursor {
 public:
  RocksChangeCursor(Database& database, uint64_t after);
  bool next(Change& change) override;

 private:
  std::unique_ptr<rocksdb::Iterator> at_;
  bool stands_on_next_ = true;
};

}  // namespace fermata::index_rocksdb
