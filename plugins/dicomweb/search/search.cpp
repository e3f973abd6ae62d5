#include "search/search.hpp"

#include <algorithm>

#include "acceptance.hpp"
#include "retrieve/data_set_list.hpp"
#include "search/search_answers.hpp"

namespace fermata::dicomweb {
namespace {

/// How many further results are counted for a warning; counting takes time before the first byte.
constexpr uint64_t kCountedBeyond = 1000;

void warn(HttpResponse& response, const std::string& service, const std::string& text) {
  response.header("Warning", "299 " + service + " \"" + text + "\"");
}

uint64_t total(const IndexStatistics& statistics, Level level) {
  if (level == Level::study) return statistics.studies;
  return level == Level::series ? statistics.series : statistics.instances;
}

}  // namespace

void Search::answer(Level level, HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  const auto within = Resource::of(request);
  const auto search = parse_search(level, within, parameters, dictionary_);
  const auto format = choose_data_set_format(accepted_media(request, parameters));
  const auto service = std::string(request.base_url()) + root_;

  Query query;
  query.level = level;
  query.identifier = search.identifier;
  query.order = Query::Order::newest_first;
  query.offset = search.offset;
  query.limit = std::min(search.limit, maximum_results_);
  const auto matches = archive_.find(query);

  for (const auto& text : search.warnings) warn(response, service, text);
  if (const auto more = results_beyond(query, search.limit); more > 0)
    warn(response, service,
         "There are " + (more > kCountedBeyond ? "more than " + std::to_string(kCountedBeyond) : std::to_string(more)) +
             " additional results that can be requested.");
  response.header("Cache-Control", "private, no-cache");
  const auto list = DataSetList::make(response, format, dictionary_);
  SearchAnswers answers(archive_, level, search, service, *list);
  for (std::span<const std::byte> match; matches->next(match);) answers.add(dicom::DataSetView(match));
  list->finish();
}

/// Matches after those of `query`, as far as `at_most` asks for them; counted up to one more than kCountedBeyond.
uint64_t Search::results_beyond(const Query& query, uint64_t at_most) const {
  if (at_most <= query.limit) return 0;
  const uint64_t end = query.offset > UINT64_MAX - query.limit ? UINT64_MAX : query.offset + query.limit;
  if (total(archive_.statistics(), query.level) <= end) return 0;
  Query beyond = query;
  beyond.offset = end;
  beyond.limit = std::min(at_most - query.limit, kCountedBeyond + 1);
  const auto matches = archive_.find(beyond);
  uint64_t count = 0;
  for (std::span<const std::byte> match; matches->next(match);) ++count;
  return count;
}

}  // namespace fermata::dicomweb
