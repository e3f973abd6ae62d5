#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/index.hpp"
#include "reader.hpp"

namespace fermata::index_rocksdb {

/// The instances of a selection, in the order of the database: a scan, or a walk over the ranges that the lists name.
/// **Thread**: one at a time. **Errors**: corrupt, io.
class RocksInstanceCursor final : public InstanceCursor {
 public:
  RocksInstanceCursor(Database& database, const Selection& selection);
  bool next(InstanceRecord& record) override;

 private:
  /// Everything below a study or series, or one instance.
  struct Part {
    std::string prefix;
    bool whole_key = false;
  };
  bool advance();
  bool look_up();
  bool walk();
  std::span<const std::byte> header();
  [[noreturn]] void lacks_header() const;

  Reader reader_;
  bool with_headers_;
  std::vector<Part> parts_;
  std::size_t part_ = 0;
  bool positioned_ = false;
  std::string_view key_;    ///< of the instance, and
  std::string_view value_;  ///< its record
  std::string found_;
  rocksdb::PinnableSlice found_header_;
  std::unique_ptr<rocksdb::Iterator> at_;
  std::unique_ptr<rocksdb::Iterator> headers_;
  DecodedInstance decoded_;
};

}  // namespace fermata::index_rocksdb
