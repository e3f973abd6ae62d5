#pragma once
#include <cstdint>
#include <optional>

#include "fermata/archive.hpp"
#include "fermata/dicom/tag.hpp"
#include "instance-files/body_writer.hpp"

namespace fermata::dicomweb {

/// Where a value stands in a data set.
struct ValuePlace {
  uint64_t offset = 0;
  uint64_t length = 0;
};

/// Finds a top-level element in a data set in Explicit VR Little Endian without reading the values before it. Nothing
/// where it is absent or has an undefined length. **Errors**: corrupt.
std::optional<ValuePlace> find_value(ObjectReader& data_set, dicom::Tag tag);

/// The fragments of encapsulated pixel data, without the Basic Offset Table (PS3.5 A.4): one bit stream for video.
///
/// **Thread**: one at a time. **Ownership**: borrows the object. **Errors**: corrupt.
class Fragments {
 public:
  /// `offset`: of the value, that is its first item.
  Fragments(ObjectReader& object, uint64_t offset);
  uint64_t length() const { return length_; }
  void write_to(instance_files::BodyWriter& body) const;

 private:
  template <class Use>
  void each(Use use) const;

  ObjectReader& object_;
  const uint64_t offset_;
  uint64_t length_ = 0;
};

}  // namespace fermata::dicomweb
