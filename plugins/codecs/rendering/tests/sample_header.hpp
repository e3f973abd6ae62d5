#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/testing/sample_instance.hpp"
#include "rendering/attributes.hpp"

namespace fermata::codecs::rendering::testing {

using fermata::testing::SampleDataSet;

/// 16-bit numbers as PS3.5 encodes them.
inline std::string words(std::initializer_list<int> values) {
  std::string bytes;
  for (const int v : values) {
    bytes.push_back(static_cast<char>(v & 0xff));
    bytes.push_back(static_cast<char>(v >> 8 & 0xff));
  }
  return bytes;
}
inline std::string octets(std::initializer_list<int> values) {
  std::string bytes;
  for (const int v : values) bytes.push_back(static_cast<char>(v));
  return bytes;
}
inline std::span<const std::byte> as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// Attributes by tag, in any order.
class SampleHeader {
 public:
  SampleHeader& text(dicom::Tag tag, dicom::Vr vr, std::string_view value) {
    data_set_.set({tag, vr}, value);
    return *this;
  }
  SampleHeader& ds(dicom::Tag tag, std::string_view value) { return text(tag, "DS", value); }
  SampleHeader& cs(dicom::Tag tag, std::string_view value) { return text(tag, "CS", value); }
  SampleHeader& us(dicom::Tag tag, std::initializer_list<int> values) { return text(tag, "US", words(values)); }
  SampleHeader& ss(dicom::Tag tag, std::initializer_list<int> values) { return text(tag, "SS", words(values)); }
  SampleHeader& items(dicom::Tag tag, const std::vector<SampleHeader>& items) {
    std::vector<SampleDataSet> data_sets;
    for (const auto& item : items) data_sets.push_back(item.data_set_);
    data_set_.set_items({tag, "SQ"}, data_sets);
    return *this;
  }
  SampleHeader& remove(dicom::Tag tag) {
    data_set_.erase({tag, {}});
    return *this;
  }
  dicom::DataSetView view() const { return dicom::DataSetView(data_set_.bytes()); }

 private:
  SampleDataSet data_set_;
};

}  // namespace fermata::codecs::rendering::testing
