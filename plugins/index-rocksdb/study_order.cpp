#include "study_order.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace fermata::index_rocksdb {
namespace {

using dicom::Key;
using Order = Query::Order;

/// One source after the other.
class InTurn final : public StudySource {
 public:
  InTurn(std::unique_ptr<StudySource> first, std::unique_ptr<StudySource> second)
      : first_(std::move(first)), second_(std::move(second)) {}

  bool next(std::string& study) override {
    in_second_ = in_second_ || !first_->next(study);
    return in_second_ ? second_->next(study) : true;
  }
  bool first_time(const EntityRecord& study) const override {
    return in_second_ ? second_->first_time(study) : first_->first_time(study);
  }
  uint64_t skip(uint64_t count) override {
    const auto skipped = first_->skip(count);
    return skipped == count ? count : skipped + second_->skip(count - skipped);
  }

 private:
  const std::unique_ptr<StudySource> first_;
  const std::unique_ptr<StudySource> second_;
  bool in_second_ = false;
};

/// The studies without a name, newest first. It reads all that there are: nobody gets here but by reading to the end.
class Nameless final : public StudySource {
 public:
  explicit Nameless(const Reader& reader) : reader_(reader), all_(reader, nullptr) {}

  bool next(std::string& study) override {
    EntityRecord record;
    while (all_.next(study))
      if (reader_.study(study, record) && first_name(record.data_set()).empty()) return true;
    return false;
  }
  bool first_time(const EntityRecord& study) const override { return all_.first_time(study); }

 private:
  const Reader& reader_;
  KeyScan all_;
};

bool compares_values(const Key& key) {
  return key.kind == Key::Kind::single || key.kind == Key::Kind::list || key.kind == Key::Kind::wildcard;
}

dicom::Tag tag_of(Order order) {
  const bool by_name = order == Order::patient_name || order == Order::patient_name_reversed;
  return by_name ? dicom::kPatientName : dicom::kStudyDate;
}

/// Studies without a date match no key for one.
std::vector<KeyRange> ranges_with_date(const Key& key) {
  auto ranges = key_ranges(key);
  const auto end = with_date().end;
  for (auto& range : ranges) range.end = std::min(range.end, end);
  std::erase_if(ranges, [](const KeyRange& range) { return range.first >= range.end; });
  return ranges;
}

}  // namespace

StudyOrder::StudyOrder(const CompiledQuery& query)
    : order_(query.order()),
      tag_(tag_of(order_)),
      asked_(query.matching_key(tag_)),
      key_(asked_ != nullptr && (!by_name() || compares_values(*asked_)) ? asked_ : nullptr) {}

bool StudyOrder::by_name() const { return tag_ == dicom::kPatientName; }
bool StudyOrder::backwards() const { return order_ == Order::oldest_first || order_ == Order::patient_name_reversed; }
KeyScan::Direction StudyOrder::direction() const {
  return backwards() ? KeyScan::Direction::backwards : KeyScan::Direction::forwards;
}

Rank StudyOrder::rank_of_moment(std::string moment) {
  const bool last = is_without_date(moment);
  return {last, std::move(moment)};
}

Rank StudyOrder::rank(dicom::DataSetView study) const {
  if (by_date()) return rank_of_moment(newest_first_value(study));
  if (key_ == nullptr) {
    auto name = first_name(study);
    if (!name.empty()) return {false, std::move(name)};
  } else {
    auto names = secondary_values(dicom::kPatientName, study, {});
    std::erase_if(names, [this](const std::string& name) { return !may_match(*key_, name); });
    if (!names.empty()) return {false, std::move(backwards() ? names.back() : names.front())};
  }
  return {true, newest_first_value(study)};
}

bool StudyOrder::before(const Rank& a, std::string_view study_a, const Rank& b, std::string_view study_b) const {
  if (a.last != b.last) return b.last;
  const auto forwards = std::tie(a.value, study_a) < std::tie(b.value, study_b);
  return backwards() && !a.last ? std::tie(b.value, study_b) < std::tie(a.value, study_a) : forwards;
}

std::unique_ptr<KeyScan> StudyOrder::scan(const Reader& reader) const {
  auto ranges = by_date() ? ranges_with_date(*key_) : key_ranges(*key_);
  return std::make_unique<KeyScan>(reader, key_, tag_, std::move(ranges), direction());
}

std::unique_ptr<StudySource> StudyOrder::walk(const Reader& reader) const {
  if (key_ != nullptr) return scan(reader);
  if (order_ == Order::any || order_ == Order::newest_first) return std::make_unique<KeyScan>(reader, nullptr);
  auto all = std::make_unique<KeyScan>(reader, nullptr, tag_, std::vector{by_name() ? all_by_name() : with_date()},
                                       direction());
  if (asked_ != nullptr) return all;  // which no study without a name satisfies
  if (by_name()) return std::make_unique<InTurn>(std::move(all), std::make_unique<Nameless>(reader));
  auto dateless = std::make_unique<KeyScan>(reader, nullptr, tag_, std::vector{without_date()});
  return std::make_unique<InTurn>(std::move(all), std::move(dateless));
}

}  // namespace fermata::index_rocksdb
