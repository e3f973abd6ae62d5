#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "query.hpp"
#include "reader.hpp"
#include "study_source.hpp"

namespace fermata::index_rocksdb {

/// Where a study stands in an order.
struct Rank {
  bool last = false;  ///< it lacks what the order goes by
  std::string value;
};

/// The order in which a query wants its studies. Each is one that an index has, walked forwards or backwards, so that a
/// page costs what stands before its end, however many studies there are. Studies without a date or a name come last,
/// those without a name among themselves newest first.
///
/// **Thread**: read only, any. **Ownership**: borrows the query.
class StudyOrder {
 public:
  explicit StudyOrder(const CompiledQuery& query);

  /// False: any order will do.
  bool wanted() const { return order_ != Query::Order::any; }
  /// Its ranks are newest_first_values.
  bool by_date() const { return !by_name(); }
  Rank rank(dicom::DataSetView study) const;
  /// The rank of a study of which only its newest_first_value is known; for an order by date.
  static Rank rank_of_moment(std::string moment);
  /// Whether the one study stands before the other one.
  bool before(const Rank& a, std::string_view study_a, const Rank& b, std::string_view study_b) const;

  /// Whether a scan finds its studies in this order or the reverse.
  bool goes_along(const KeyScan& scan) const { return scan.tag() == tag_ && scan.key() == key_; }
  /// Such a scan, in this order. Only where there is a key for what the order goes by.
  std::unique_ptr<KeyScan> scan(const Reader& reader) const;
  /// All studies that may match, in this order.
  std::unique_ptr<StudySource> walk(const Reader& reader) const;

 private:
  bool by_name() const;
  bool backwards() const;
  KeyScan::Direction direction() const;

  const Query::Order order_;
  const dicom::Tag tag_;
  const dicom::Key* asked_;  ///< for the attribute that the order goes by
  const dicom::Key* key_;    ///< the same, if it compares value by value: a scan may keep to it
};

}  // namespace fermata::index_rocksdb
