#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/dicom/transfer_syntax.hpp"

namespace fermata::codecs {

/// An object in another uncompressed encoding: implicit or explicit VR, little or big endian (PS3.5 7.1, 7.3, A.1,
/// A.2).
///
/// The constructor reads all element headers and plans the result; long values are copied, and their bytes swapped,
/// while they are read. So memory grows with the number of elements, not with the pixel data. Sequences keep their kind
/// of length; group lengths are left out. VRs that implicit encoding does not tell come from DCMTK's dictionary.
/// *Used by* the transcoder, and by dimse for identifiers.
/// **Thread**: any number at once, if the object underneath allows it. **Ownership**: owns the object underneath.
/// **Errors**: Error corrupt (these bytes are no data set), unsupported (compressed pixel data, a plan beyond all
/// measure).
class RecodedObject : public ObjectReader {
 public:
  RecodedObject(std::unique_ptr<ObjectReader> object, dicom::Encoding from, dicom::Encoding to);
  ~RecodedObject() override;
  uint64_t length() override { return length_; }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override;

 private:
  class Planner;
  /// A stretch of the result: bytes of `literals_`, or of the object underneath.
  struct Segment {
    uint64_t begin;  ///< in the result
    uint64_t length;
    uint64_t source;
    uint8_t swap;  ///< 0: from `literals_`; else from the object, in words of so many bytes to be reversed
  };
  void read_segment(const Segment& segment, uint64_t offset, std::span<std::byte> into);

  std::unique_ptr<ObjectReader> object_;
  std::vector<std::byte> literals_;
  std::vector<Segment> segments_;
  uint64_t length_ = 0;
};

}  // namespace fermata::codecs
