#include "studies/study_finder.hpp"

#include "fermata/visible_studies.hpp"
#include "studies/study_filter.hpp"
#include "studies/study_record.hpp"
#include "studies/viewer_series.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::size_t kLongestUid = 128;  // PS3.5 says 64; careless devices have longer ones

[[noreturn]] void refuse() { throw Error(Code::not_found, "there is no such study; it may have been deleted"); }

}  // namespace

void require_single_uid(std::string_view uid) {
  if (uid.empty() || uid.size() > kLongestUid || uid.find_first_of("*?\\") != std::string_view::npos) refuse();
}

void StudyFinder::require_visible(HttpRequest& request, std::string_view study) {
  require_single_uid(study);
  if (!request.sees_all_studies() && !request.sees_study(study)) refuse();
}

json::object StudyFinder::find(HttpRequest& request) const {
  const auto study = request.parameter("study");
  require_single_uid(study);
  const auto identifier = study_identifier({{dicom::kStudyInstanceUid, std::string(study)}});
  Query query;
  query.identifier = identifier;
  query.limit = 1;
  VisibleArchive visible(archive_, request);
  const auto matches = visible.find(query);
  std::span<const std::byte> match;
  if (!matches->next(match)) refuse();
  return study_object(dicom::DataSetView(match));
}

json::object StudyFinder::find_with_series(HttpRequest& request) const {
  auto study = find(request);
  const auto identifier = series_identifier({{dicom::kStudyInstanceUid, std::string(request.parameter("study"))}});
  Query query;
  query.level = Level::series;
  query.identifier = identifier;
  const auto matches = archive_.find(query);
  const bool all = wants_all_series(QueryParameters(request.query()));
  json::array list;
  ViewerSeries viewers;
  for (std::span<const std::byte> match; matches->next(match);) {
    auto series = series_object(dicom::DataSetView(match));
    if (all || !viewers.add(series)) list.push_back(std::move(series));
  }
  viewers.leave_out_of(study);
  study["series_list"] = std::move(list);
  return study;
}

}  // namespace fermata::admin
