#pragma once
#include <boost/json.hpp>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::admin {

/// Values of matching keys, by tag.
using Keys = std::map<dicom::Tag, std::string>;

/// The identifier of a query at STUDY level that returns what is shown of a study, and matches `keys`.
/// **Errors**: invalid (a value too long).
std::vector<std::byte> study_identifier(const Keys& keys);
/// Likewise for series.
std::vector<std::byte> series_identifier(const Keys& keys);

/// What the API says of a study, and of a series, that such a query found.
boost::json::object study_object(dicom::DataSetView study);
boost::json::object series_object(dicom::DataSetView series);

}  // namespace fermata::admin
