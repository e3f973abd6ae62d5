#pragma once
#include <memory>
#include <vector>

#include "fermata/archive.hpp"
#include "studies/description_store.hpp"
#include "studies/label_store.hpp"
#include "studies/study_filter.hpp"

namespace fermata::admin {

/// A page of the studies that a filter lets through, in the filter's order.
///
/// A filter without words is one query, a page of it begins where it should at once. Words are looked up in several
/// indexes at the same time (SearchWords), whose results are merged as they come; it stops when the page is full, so
/// that a page costs what stands before its end, however many studies there are.
/// **Thread**: any. **Ownership**: borrows labels and descriptions. **Errors**: those of the archive.
class StudyList {
 public:
  StudyList(const LabelStore& labels, const DescriptionStore& descriptions)
      : labels_(labels), descriptions_(descriptions) {}

  struct Page {
    boost::json::array items;
    bool more = false;
  };
  /// `archive`: what its reader may see of it (VisibleArchive).
  Page page(Archive& archive, const StudyFilter& filter) const;

 private:
  std::vector<Keys> key_sets(const StudyFilter& filter) const;

  const LabelStore& labels_;
  const DescriptionStore& descriptions_;
};

}  // namespace fermata::admin
