#pragma once
#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/dicom/data_set_view.hpp"

namespace fermata::codecs::rendering {

/// Values of an object's top-level elements, those included that its header leaves out for their length: palettes and
/// ICC profiles. Others than these, and what is too long for one, are absent; so is a long profile in a deflated
/// object.
///
/// **Thread**: read only, any. **Ownership**: borrows the record's header; the object only for the constructor.
/// **Errors**: unsupported, from `value` (a long palette in a deflated object).
class ObjectValues {
 public:
  ObjectValues(const InstanceRecord& record, ObjectReader& object);

  dicom::DataSetView header() const { return header_; }
  /// Little endian; empty where it is absent.
  std::span<const std::byte> value(dicom::Tag tag) const;

 private:
  dicom::DataSetView header_;
  std::map<dicom::Tag, std::vector<std::byte>> read_;
  bool palette_out_of_reach_ = false;
};

}  // namespace fermata::codecs::rendering
