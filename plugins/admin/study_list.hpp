#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "fermata/archive.hpp"
#include "label_store.hpp"
#include "study_filter.hpp"

namespace fermata::admin {

/// A page of the studies that a filter lets through, newest first.
///
/// A filter without words is one query, a page of it begins where it should at once. Words are looked up in several
/// indexes at the same time (SearchWords), whose results are merged as they come; it stops when the page is full, so
/// that a page costs what stands before its end, however many studies there are.
/// **Thread**: any. **Ownership**: borrows archive and labels. **Errors**: those of the archive.
class StudyList {
 public:
  using Sees = std::function<bool(std::string_view study)>;

  StudyList(Archive& archive, const LabelStore& labels) : archive_(archive), labels_(labels) {}

  struct Page {
    boost::json::array items;
    bool more = false;
  };
  /// Only studies that `sees` lets through; null: all.
  Page page(const StudyFilter& filter, const Sees& sees) const;

 private:
  std::vector<Keys> key_sets(const StudyFilter& filter) const;

  Archive& archive_;
  const LabelStore& labels_;
};

}  // namespace fermata::admin
