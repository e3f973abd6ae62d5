#pragma once
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"
#include "fermata/index.hpp"

namespace fermata::admin {

/// What several queries found, each in `order`, as one list in this order, each study once. It reads no further than
/// it is asked.
///
/// **Thread**: one at a time. **Ownership**: owns the cursors. **Errors**: those of the cursors.
class StudyWalk {
 public:
  StudyWalk(std::vector<std::unique_ptr<MatchCursor>> cursors, Query::Order order);
  /// `study` is valid until the next call.
  bool next(dicom::DataSetView& study);

 private:
  struct Source {
    std::unique_ptr<MatchCursor> cursor;
    dicom::DataSetView study;
    std::string place;  ///< of the study in the order, comparable; empty: at its end
  };
  void advance(std::size_t source);
  std::string place_of(dicom::DataSetView study) const;
  std::size_t first() const;

  const Query::Order order_;
  std::vector<Source> sources_;
  std::size_t given_;  ///< the source of the study that was given out last
  std::unordered_set<std::string> seen_;
};

}  // namespace fermata::admin
