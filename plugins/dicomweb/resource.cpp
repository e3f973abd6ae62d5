#include "resource.hpp"

#include <span>
#include <utility>

#include "problem.hpp"

namespace fermata::dicomweb {
namespace {

std::string path_of(std::string_view study, std::string_view series, std::string_view instance) {
  std::string path;
  if (!study.empty()) path.append("/studies/").append(study);
  if (!series.empty()) path.append("/series/").append(series);
  if (!instance.empty()) path.append("/instances/").append(instance);
  return path;
}

std::unique_ptr<InstanceCursor> open_cursor(Archive& archive, const Resource& resource, bool with_headers) {
  const std::string_view study = resource.study;
  const std::string_view series = resource.series;
  const std::string_view instance = resource.instance;
  const auto one = [](const std::string_view& uid) { return std::span(&uid, uid.empty() ? 0 : 1); };
  Selection selection;
  selection.study_instance_uids = one(study);
  selection.series_instance_uids = one(series);
  selection.sop_instance_uids = one(instance);
  selection.with_headers = with_headers;
  return archive.instances(selection);
}

}  // namespace

Resource Resource::of(HttpRequest& request) {
  return {std::string(request.parameter("study")), std::string(request.parameter("series")),
          std::string(request.parameter("instance"))};
}

std::string Resource::path() const { return path_of(study, series, instance); }

std::string Resource::name() const {
  if (!instance.empty()) return "instance " + instance + " of series " + series + " of study " + study;
  if (!series.empty()) return "series " + series + " of study " + study;
  return "study " + study;
}

std::string instance_path(const InstanceRecord& record) {
  return path_of(record.study_instance_uid, record.series_instance_uid, record.sop_instance_uid);
}

ResourceInstances::ResourceInstances(Archive& archive, const Resource& resource, bool with_headers)
    : cursor_(open_cursor(archive, resource, with_headers)) {
  if (!cursor_->next(first_)) throw Problem(404, "there is no " + resource.name() + " in the archive");
}

bool ResourceInstances::next(InstanceRecord& record) {
  if (!std::exchange(at_first_, false)) return cursor_->next(record);
  record = first_;
  return true;
}

}  // namespace fermata::dicomweb
