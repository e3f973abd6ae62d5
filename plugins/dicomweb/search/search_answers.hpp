#pragma once
#include <set>
#include <string>

#include "fermata/archive.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "retrieve/data_set_list.hpp"
#include "search/search_request.hpp"

namespace fermata::dicomweb {

/// Makes answers of matches: adds character set, availability and URL, leaves out what nobody named and is not known
/// (PS3.18 10.6.3.3).
///
/// **Thread**: one at a time. **Ownership**: borrows all it is given. **Errors**: those of Archive and DataSetList.
class SearchAnswers {
 public:
  /// `url`: that of the services for studies.
  SearchAnswers(Archive& archive, Level level, const SearchRequest& search, std::string url, DataSetList& list)
      : archive_(archive), level_(level), search_(search), url_(std::move(url)), list_(list) {}

  void add(dicom::DataSetView match);

 private:
  void add_whole(dicom::DataSetView match, const Resource& resource);
  void merge(dicom::DataSetView match, dicom::DataSetView header, const std::string& url);

  Archive& archive_;
  const Level level_;
  const SearchRequest& search_;
  const std::string url_;
  DataSetList& list_;
  dicom::DataSetWriter writer_;
};

}  // namespace fermata::dicomweb
