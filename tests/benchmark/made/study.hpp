#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fermata::benchmark {

/// A study of an imagined hospital, wholly determined by its number, so that whoever knows the number can ask for it.
/// Two studies belong to one patient; sixteen machines make them, each with UIDs of its own.
///
/// All texts have the same length in every study: an object can be renamed in place.
struct Study {
  explicit Study(uint64_t number);

  std::string series_uid() const { return uid + ".1"; }
  std::string instance_uid(uint64_t image) const;

  uint64_t number;
  std::string uid, patient_id, name, family_name, birth_date, sex, accession, date, time, description, referrer;
};

/// What the images of a study are like.
struct Shape {
  /// full: a header as of a CT, with over a hundred elements (3 KB); otherwise what an archive cannot do without.
  bool full = true;
  unsigned side = 512;  ///< rows and columns, of 16 bits
  unsigned frames = 1;

  std::size_t pixel_bytes() const { return std::size_t{2} * side * side * frames; }
};

/// The data set of image `image` (0, 1, ...) of a study in Explicit VR Little Endian, without pixel data. Between two
/// images of one shape nothing changes but values: the length stays.
std::vector<std::byte> header(const Study& study, uint64_t image, const Shape& shape);

/// The element (7FE0,0010) with so many bytes that no compression makes smaller.
std::vector<std::byte> pixel_data(std::size_t length);

inline constexpr const char* kCtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
inline constexpr const char* kExplicitLittleEndian = "1.2.840.10008.1.2.1";

}  // namespace fermata::benchmark
