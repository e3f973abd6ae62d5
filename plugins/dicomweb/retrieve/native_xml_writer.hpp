#pragma once
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "attribute_dictionary.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/index.hpp"

namespace fermata::dicomweb {

/// Writes data sets in the Native DICOM Model (PS3.19 A.1), a piece at a time, from bytes as InstanceRecord::header has
/// them: Explicit VR Little Endian, UTF-8.
///
/// Private attributes are named without their block, with their creator (PS3.19 Table A.1.5-2). Characters that XML 1.0
/// has no place for become U+FFFD. **Thread**: one at a time. **Ownership**: borrows the dictionary; owns its buffer.
/// **Errors**: corrupt (the bytes are no data set), and whatever `take` throws.
class NativeXmlWriter {
 public:
  /// Gets the XML text in pieces, in order.
  using Take = std::function<void(std::string_view)>;
  /// Appends the URL of a value that is left out of the data set.
  using BulkUri = std::function<void(std::string& to, const BulkValue& value)>;

  NativeXmlWriter(const AttributeDictionary& dictionary, Take take, std::size_t piece = 64 * 1024)
      : dictionary_(dictionary), take_(std::move(take)), piece_(piece) {}

  /// One document. The values of `bulk` (InstanceRecord::bulk) are written as references, each at its place.
  void write(dicom::DataSetView data_set, std::span<const BulkValue> bulk = {}, const BulkUri& uri = {});
  /// Hands on what is still in the buffer. Needed at the end.
  void flush();

 private:
  void write_element(dicom::DataSetView of, const dicom::Element& element, int depth);
  void write_reference(dicom::DataSetView of, const BulkValue& value, const BulkUri& uri);
  void begin_attribute(dicom::DataSetView of, dicom::Tag tag, dicom::Vr vr);
  void end_attribute();
  void write_items(const dicom::Element& sequence, int depth);
  void write_value(const dicom::Element& element);
  void write_person_names(std::string_view text);
  void write_person_name(std::string_view name);

  const AttributeDictionary& dictionary_;
  const Take take_;
  const std::size_t piece_;
  std::string buffer_;
  std::string uri_;
};

}  // namespace fermata::dicomweb
