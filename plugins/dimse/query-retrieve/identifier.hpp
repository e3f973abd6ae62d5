#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "association.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::dimse {

/// The data set of a request in the form in which data sets cross between plugins (fermata/dicom/canonical.hpp),
/// whatever its Specific Character Set. Its transfer syntax is one of the two that are accepted for services other than
/// Storage: Implicit or Explicit VR Little Endian.
/// **Errors**: dicom::TooDeep; Error invalid where the bytes are no data set, or the transfer syntax is another one.
std::vector<std::byte> decode_data_set(std::span<const std::byte> wire, std::string_view transfer_syntax_uid);

/// The same of the message received last, which came on `context`. What is longer than `limit`, or nested too deeply,
/// is counted.
std::vector<std::byte> receive_decoded(Association& association, const PresentationContext& context, std::size_t limit);

/// Encodes data sets for one Presentation Context: the transfer syntax, and the smallest of the character sets that
/// every viewer knows (PS3.4 C.4.1.1.3.2): ISO_IR 100 for ASCII and Latin-1, else ISO_IR 192.
///
/// *Used by* Finder and DimseServices. **Thread**: one at a time. **Ownership**: the result is borrowed until the next
/// call; memory is kept, so that thousands of answers cost no allocations.
/// **Errors**: Error invalid for another transfer syntax than Implicit or Explicit VR Little Endian.
class DataSetEncoder {
 public:
  explicit DataSetEncoder(std::string_view transfer_syntax_uid);

  /// An element that is to stand in every result, in place of the data set's own.
  struct Fixed {
    dicom::Tag tag;
    dicom::Vr vr;
    std::string value;
  };
  /// `fixed` in ascending order of tags, without (0008,0005).
  std::span<const std::byte> encode(dicom::DataSetView canonical, std::span<const Fixed> fixed = {});
  /// For a data set without text: nothing is added.
  std::span<const std::byte> encode_plain(dicom::DataSetView canonical);

 private:
  enum class Repertoire { ascii, latin1, unicode };
  static Repertoire repertoire_of(dicom::DataSetView data_set);
  void write_element(const dicom::Element& element, std::span<const std::byte> encoded, bool latin1);
  std::span<const std::byte> recode(std::span<const std::byte> explicit_bytes);

  bool implicit_vr_;
  dicom::DataSetWriter explicit_;
  std::vector<std::byte> recoded_;
};

}  // namespace fermata::dimse
