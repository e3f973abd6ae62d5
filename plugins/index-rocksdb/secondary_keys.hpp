#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/dicom/matching.hpp"
#include "records.hpp"

// The families `keys` and `patients`: how a study is found by its attributes. Values are normalised as
// fermata/dicom/matching.hpp says. Dates are kept inverted and with the time, so that a walk forwards meets the newest
// study first.
namespace fermata::index_rocksdb {

/// Whether an attribute of studies has an index of its own. (0008,0060) is looked up as (0008,0061).
bool is_indexed(dicom::Tag tag);
/// The tag under which the keys of an indexed attribute stand.
dicom::Tag indexed_as(dicom::Tag tag);

/// The values under which a study stands in the index of `tag`, in their order, each once.
std::vector<std::string> secondary_values(dicom::Tag tag, dicom::DataSetView attributes, const Tally& modalities);
/// All its keys in the family `keys`, in their order.
std::vector<std::string> secondary_keys(std::string_view study, dicom::DataSetView attributes, const Tally& modalities);
/// Its key in the family `patients`, without the study: Patient ID, issuer, name and birth date (one person).
std::string patient_key_prefix(dicom::DataSetView attributes);
/// Its place among studies by date and time, newest first, those without a date last.
std::string newest_first_value(dicom::DataSetView attributes);
/// Whether such a value is that of a study without a date.
bool is_without_date(std::string_view newest_first_value);
/// What a study stands under in the index of names, by the first component group of its own; empty: it has none.
std::string first_name(dicom::DataSetView attributes);
/// The same as newest_first_value in half the bytes: what every key of a study has for its value, so that studies are
/// put in order without their records. Empty, if it holds what is in no date.
std::string packed_moment(std::string_view newest_first_value);
/// Empty for what is empty, as in an index of an earlier version.
std::string unpacked_moment(std::string_view packed);

/// Keys of the family `keys` from `first` up to, and without, `end`.
struct KeyRange {
  std::string first;
  std::string end;
  bool one_value = false;  ///< of entries with the same value_prefix, which `first` is
};
/// Stands for every three bytes in a row of a Patient's Name, each with the whole name behind it: where a name that
/// begins with a wildcard is looked up.
inline constexpr dicom::Tag kNameParts{0x0010, 0x0000};
constexpr std::size_t kNamePart = 3;
/// The parts that every name that satisfies `key` has; none, if the key does not begin with a wildcard.
std::vector<std::string> name_parts(const dicom::Key& key);
/// Where the studies stand whose names have this part.
KeyRange part_range(std::string_view part);

/// Where the studies that may satisfy `key` stand, in their order, not overlapping; all that can satisfy it are there.
std::vector<KeyRange> key_ranges(const dicom::Key& key);
/// Every study, newest first.
std::vector<KeyRange> all_by_date();
/// Those with a date, and those without.
KeyRange with_date();
KeyRange without_date();
/// Every study with a name, by its name.
KeyRange all_by_name();

/// False if a study does not satisfy `key` by the value it stands under.
bool may_match(const dicom::Key& key, std::string_view value);

}  // namespace fermata::index_rocksdb
