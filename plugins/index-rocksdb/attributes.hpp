#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/tag.hpp"

namespace fermata::index_rocksdb {

/// Whose attribute it is in the index. Everything that is not of a study or series is read from instances' headers.
enum class Owner { study, series, instance };

Owner owner_of(dicom::Tag tag);
/// Known from keys and counts instead of from a data set: UIDs, numbers of related instances, modalities.
bool is_computed(dicom::Tag tag);
/// Not part of any answer or match: character set, level, retrieve AE title, availability, group lengths.
bool is_ignored(dicom::Tag tag);

/// The attributes that a study's (with its patient's), or a series' record keeps, ascending (PS3.3 C.7.1 to C.7.3).
std::span<const dicom::Tag> study_attributes();
std::span<const dicom::Tag> series_attributes();

bool is_blank(const dicom::Element& element);

/// Adds to `kept` those of `attributes` that it lacks and `header` has. False if there are none.
bool fill_blanks(std::vector<std::byte>& kept, dicom::DataSetView header, std::span<const dicom::Tag> attributes);
/// An instance got another header: takes over each value in which the two differ if `kept` has the old one. False if
/// there are none.
bool follow_replacement(std::vector<std::byte>& kept, dicom::DataSetView old_header, dicom::DataSetView new_header,
                        std::span<const dicom::Tag> attributes);

}  // namespace fermata::index_rocksdb
