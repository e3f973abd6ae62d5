#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "fermata/dicom/attribute_level.hpp"
#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/tag.hpp"

namespace fermata::index_rocksdb {

/// Known from keys and counts instead of from a data set: UIDs, numbers of related instances, modalities.
bool is_computed(dicom::Tag tag);
/// Not part of any answer or match: character set, level, retrieve AE title, availability, group lengths.
bool is_ignored(dicom::Tag tag);
bool is_blank(const dicom::Element& element);

/// The attributes that the records of studies, or of series, keep, ascending. All others are read from headers.
std::span<const dicom::Tag> kept_attributes(dicom::AttributeLevel level);

/// Adds to `kept` those of `attributes` that it lacks and `header` has. False if there are none.
bool fill_blanks(std::vector<std::byte>& kept, dicom::DataSetView header, std::span<const dicom::Tag> attributes);
/// Whether `header` alone has all that `kept` has, and no more.
bool says_the_same(std::span<const std::byte> kept, dicom::DataSetView header, std::span<const dicom::Tag> attributes);

}  // namespace fermata::index_rocksdb
