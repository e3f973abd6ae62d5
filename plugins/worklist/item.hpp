#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::worklist {

/// One worklist item: a scheduled procedure step with its request and its patient. Never changed once it is made.
struct Item {
  std::string id;
  std::string origin;
  std::vector<std::byte> data_set;  ///< Explicit VR Little Endian, UTF-8
  std::string start;                ///< Start Date and Time, YYYYMMDDHHMMSS.FFFFFF
  std::string status;               ///< Scheduled Procedure Step Status

  dicom::DataSetView view() const { return dicom::DataSetView(data_set); }
};
using ItemPtr = std::shared_ptr<const Item>;

/// An item of a data set that was checked and completed: what Worklist demands must be there, what it makes is added.
/// `status` is used where the data set has none. **Errors**: invalid, names the attribute and what to write.
ItemPtr make_item(std::string_view id, std::string_view origin, dicom::DataSetView data_set, std::string_view status);
ItemPtr with_status(const Item& item, std::string_view status);

/// One data set for each item of the Scheduled Procedure Step Sequence: the steps of a request, all of one study. `id`
/// is the request's.
std::vector<std::vector<std::byte>> single_steps(std::string_view id, dicom::DataSetView request);

}  // namespace fermata::worklist
