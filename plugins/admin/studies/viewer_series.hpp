#pragma once
#include <boost/json.hpp>
#include <cstdint>

#include "fermata/archive.hpp"

namespace fermata::admin {

/// What of a study's series Horos and OsiriX keep for themselves (`fermata/dicom/viewer_series.hpp`): it is not shown
/// and not counted, unless somebody asks for it. **Thread**: a value.
class ViewerSeries {
 public:
  /// One of the study's series, as `series_object` has it; true: it is one of those.
  bool add(const boost::json::object& series);
  /// From counts and modalities of the study; "hidden_series" says how many they are.
  void leave_out_of(boost::json::object& study) const;

 private:
  int64_t series_ = 0;
  int64_t instances_ = 0;
  bool other_documents_ = false;
};

/// Leaves them out of a page of studies, as `study_object` has them. **Errors**: those of the archive.
void leave_out_viewer_series(Archive& archive, boost::json::array& studies);

}  // namespace fermata::admin
