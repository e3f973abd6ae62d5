#pragma once
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/index.hpp"

namespace fermata::testing {

/// An instance record that owns what it shows. **Errors**: invalid (a missing UID, a header that is no data set).
class StoredInstance {
 public:
  explicit StoredInstance(const InstanceRecord& r)
      : study(r.study_instance_uid),
        series(r.series_instance_uid),
        sop_instance(r.sop_instance_uid),
        sop_class(r.sop_class_uid),
        blob_length(r.blob_length),
        record_(r),
        transfer_syntax_(r.transfer_syntax_uid),
        header_(r.header.begin(), r.header.end()),
        blob_key_(r.blob_key),
        source_(r.source_ae_title),
        bulk_(r.bulk.begin(), r.bulk.end()) {
    if (study.empty() || series.empty() || sop_instance.empty())
      throw Error(Code::invalid, "an instance record lacks a UID: the index needs study, series and SOP instance");
    check_header();
    record_.study_instance_uid = study;
    record_.series_instance_uid = series;
    record_.sop_instance_uid = sop_instance;
    record_.sop_class_uid = sop_class;
    record_.transfer_syntax_uid = transfer_syntax_;
    record_.header = header_;
    record_.blob_key = blob_key_;
    record_.source_ae_title = source_;
    record_.bulk = bulk_;
  }
  StoredInstance(const StoredInstance&) = delete;
  StoredInstance& operator=(const StoredInstance&) = delete;

  const InstanceRecord& record() const { return record_; }
  dicom::DataSetView header() const { return dicom::DataSetView(header_); }
  int64_t instance_number() const {
    auto text = header().text(dicom::kInstanceNumber);
    while (!text.empty() && (text.front() == ' ' || text.front() == '+')) text.remove_prefix(1);
    int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }
  /// Error conflict if `other`, of the same SOP Instance UID, stands elsewhere.
  void check_same_place(const StoredInstance& other) const {
    if (study != other.study || series != other.series)
      throw Error(Code::conflict, "instance " + sop_instance + " is indexed under study " + other.study +
                                      " and series " + other.series + " already");
  }
  bool operator==(const StoredInstance& other) const {
    const auto bulk_equal = [](const BulkValue& a, const BulkValue& b) {
      return a.tag == b.tag && a.vr[0] == b.vr[0] && a.vr[1] == b.vr[1] && a.offset == b.offset && a.length == b.length;
    };
    return tie() == other.tie() && header_ == other.header_ &&
           std::equal(bulk_.begin(), bulk_.end(), other.bulk_.begin(), other.bulk_.end(), bulk_equal);
  }

  const std::string study;
  const std::string series;
  const std::string sop_instance;
  const std::string sop_class;
  const uint64_t blob_length;
  uint64_t arrival = 0;  ///< ascends with time; a replacement has the place of what it replaces

 private:
  void check_header() const {
    try {
      for (const auto& element : header()) static_cast<void>(element);
    } catch (const Error&) {
      throw Error(Code::invalid,
                  "the header of instance " + sop_instance + " is no Explicit VR Little Endian data set");
    }
  }
  std::tuple<std::string_view, std::string_view, std::string_view, std::string_view, std::string_view, uint64_t,
             uint64_t, Checksum, int64_t, std::string_view>
  tie() const {
    return {study,
            series,
            sop_instance,
            transfer_syntax_,
            blob_key_,
            blob_length,
            record_.data_set_offset,
            record_.checksum,
            record_.received_us,
            source_};
  }

  InstanceRecord record_;
  std::string transfer_syntax_;
  std::vector<std::byte> header_;
  std::string blob_key_;
  std::string source_;
  std::vector<BulkValue> bulk_;
};

}  // namespace fermata::testing
