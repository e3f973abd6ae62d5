#include "studies/trash_routes.hpp"

#include "fermata/timestamp.hpp"
#include "json_body.hpp"
#include "studies/study_record.hpp"

namespace fermata::admin {
namespace json = boost::json;
namespace {

using namespace std::chrono;

constexpr std::string_view kGroup = "studies";

std::string instances(uint64_t count) { return std::to_string(count) + " instances"; }

}  // namespace

void TrashRoutes::add_to(api::Routes& routes) {
  routes.add("DELETE", "/api/studies/{study}", "studies.delete",
             {.summary = "Put a study into the trash", .group = kGroup},
             [this](auto& request, auto& response) { discard(request, response); });
  routes.add("GET", "/api/trash", "studies.delete", {.summary = "Studies in the trash, latest first", .group = kGroup},
             [this](auto& request, auto& response) { list(request, response); });
  routes.add("POST", "/api/trash/{study}/restore", "studies.delete",
             {.summary = "Take a study out of the trash", .group = kGroup},
             [this](auto& request, auto& response) { restore(request, response); });
  routes.add("DELETE", "/api/trash/{study}", "studies.delete",
             {.summary = "Delete a study in the trash for good", .group = kGroup, .status = "204", .answer_type = {}},
             [this](auto& request, auto& response) { purge(request, response); });
}

Trash& TrashRoutes::trash() const {
  if (trash_ == nullptr)
    throw Error(Code::unsupported, "this archive has no trash: delete studies over DICOMweb, for good");
  return *trash_;
}

void TrashRoutes::discard(HttpRequest& request, HttpResponse& response) const {
  const auto found = finder_.find(request);
  const auto study = request.parameter("study");
  const auto purge_us = now_us() + duration_cast<microseconds>(keep_).count();
  const auto count = trash().discard(study, request.user(), purge_us);
  audit_.success(request, audit::kStudyDiscarded, study, instances(count),
                 std::string(found.at("patient_id").as_string()));
  answer_json(response, json::object{{"instances", count}, {"purge_at", time_value(purge_us)}});
}

void TrashRoutes::list(HttpRequest& request, HttpResponse& response) const {
  json::array items;
  const auto studies = trash().list();
  for (DiscardedStudy study; studies->next(study);) {
    if (!request.sees_all_studies() && !request.sees_study(study.study_instance_uid)) continue;
    auto object = study_object(dicom::DataSetView(study.identifier));
    object["study_instance_uid"] = utf8(study.study_instance_uid);
    object["user"] = utf8(study.user);
    object["discarded_at"] = time_value(study.discarded_us);
    object["purge_at"] = time_value(study.purge_us);
    object["instances"] = study.instances;
    object["bytes"] = study.bytes;
    items.push_back(std::move(object));
  }
  answer_items(response, std::move(items));
}

void TrashRoutes::restore(HttpRequest& request, HttpResponse& response) const {
  const auto study = request.parameter("study");
  StudyFinder::require_visible(request, study);
  const auto count = trash().restore(study);
  audit_.success(request, audit::kStudyRestored, study, instances(count));
  answer_json(response, json::object{{"instances", count}});
}

void TrashRoutes::purge(HttpRequest& request, HttpResponse& response) const {
  const auto study = request.parameter("study");
  StudyFinder::require_visible(request, study);
  const auto count = trash().purge(study);
  audit_.success(request, audit::kStudyDeleted, study, instances(count));
  // What came again under this UID meanwhile keeps its labels.
  try {
    finder_.find(request);
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
    labels_.forget(study);
  }
  response.status(204);
}

}  // namespace fermata::admin
