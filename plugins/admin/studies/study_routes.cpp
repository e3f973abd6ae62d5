#include "studies/study_routes.hpp"

#include <algorithm>

#include "fermata/visible_studies.hpp"
#include "json_body.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kStudies = "studies";
constexpr std::string_view kAllSeries =
    "true: also those that Horos and OsiriX keep for themselves (regions of interest and the like)";
constexpr std::string_view kLabels =
    R"({"type":"object","required":["labels"],"properties":{"labels":{"type":"array","maxItems":20,)"
    R"("items":{"type":"string","minLength":1,"maxLength":40}}}})";
constexpr std::string_view kPage =
    R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object"}},"more":{"type":"boolean"}}})";

json::array array_of(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

}  // namespace

void StudyRoutes::add_to(api::Routes& routes) {
  routes.add(
      "GET", "/api/studies", "studies.read",
      {.summary = "Studies, newest first unless another order is asked for",
       .group = kStudies,
       .parameters = {{"search", "words, each the beginning of a word in name, ID, accession number or description"},
                      {"patient_name", "its beginning; * and ? are wildcards, here and in the next ones"},
                      {"patient_id", "the whole of it"},
                      {"accession_number", "the whole of it"},
                      {"description", "its beginning"},
                      {"referring_physician", "the beginning of the name"},
                      {"modality", "one of these, joined by commas"},
                      {"date_from", "YYYYMMDD"},
                      {"date_to", "YYYYMMDD"},
                      {"label", "a label of the study"},
                      {"order",
                       "newest_first, oldest_first, patient_name or patient_name_reversed; those without come last"},
                      {"offset", "how many to leave out"},
                      {"limit", "how many to give, up to 500"},
                      {"all_series", kAllSeries}},
       .answer = kPage},
      [this](auto& request, auto& response) { list(request, response); });
  routes.add("GET", "/api/studies/{study}", "studies.read",
             {.summary = "A study with its series, labels and notes",
              .group = kStudies,
              .parameters = {{"all_series", kAllSeries}}},
             [this](auto& request, auto& response) { study(request, response); });
  routes.add("PUT", "/api/studies/{study}/labels", "studies.label",
             {.summary = "Put these labels on a study, in place of all others",
              .group = kStudies,
              .body = kLabels,
              .answer = kLabels},
             [this](auto& request, auto& response) { set_labels(request, response); });
  routes.add("GET", "/api/labels", "studies.read",
             {.summary = "Labels in use, with the number of their studies", .group = kStudies},
             [this](auto& request, auto& response) { labels(request, response); });
}

void StudyRoutes::list(HttpRequest& request, HttpResponse& response) const {
  const auto filter = StudyFilter::parse(QueryParameters(request.query()));
  VisibleArchive visible(archive_, request);
  auto page = list_.page(visible, filter);
  answer_json(response, json::object{{"items", std::move(page.items)}, {"more", page.more}});
}

void StudyRoutes::study(HttpRequest& request, HttpResponse& response) const {
  auto study = finder_.find_with_series(request);
  study["labels"] = array_of(labels_.of(request.parameter("study")));
  json::array notes;
  for (const auto& [origin, text] : notes_.of(request.parameter("study")))
    notes.push_back(json::object{{"origin", origin}, {"text", text}});
  study["notes"] = std::move(notes);
  answer_json(response, study);
}

void StudyRoutes::set_labels(HttpRequest& request, HttpResponse& response) {
  const auto study = finder_.find(request);
  const auto wanted = strings_member(read_object(request), "labels");
  if (!wanted) throw Error(Code::invalid, "the request's body has to have \"labels\", a list of texts");
  const auto labels = labels_.set(request.parameter("study"), *wanted);
  std::string detail = "labels:";
  for (const auto& label : labels) detail.append(" ").append(label);
  audit_.success(request, audit::kStudyChanged, request.parameter("study"), detail,
                 std::string(study.at("patient_id").as_string()));
  answer_json(response, json::object{{"labels", array_of(labels)}});
}

void StudyRoutes::labels(HttpRequest& request, HttpResponse& response) const {
  json::array items;
  for (const auto& [label, studies] : labels_.all()) {
    const auto visible = request.sees_all_studies()
                             ? static_cast<std::ptrdiff_t>(studies.size())
                             : std::count_if(studies.begin(), studies.end(),
                                             [&](const auto& study) { return request.sees_study(study); });
    if (visible != 0) items.push_back(json::object{{"label", label}, {"studies", visible}});
  }
  answer_items(response, std::move(items));
}

}  // namespace fermata::admin
