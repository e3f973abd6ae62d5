#include "delete.hpp"

#include <span>

#include "problem.hpp"
#include "resource.hpp"

namespace fermata::dicomweb {

void Deletion::answer(HttpRequest& request, HttpResponse& response) const {
  const auto resource = Resource::of(request);
  if (resource.study.empty()) throw Problem(400, "an address to delete names a study");
  const std::string_view study = resource.study;
  const std::string_view series = resource.series;
  const std::string_view instance = resource.instance;
  const auto one = [](const std::string_view& uid) { return std::span(&uid, uid.empty() ? 0 : 1); };
  Selection selection;
  selection.study_instance_uids = one(study);
  selection.series_instance_uids = one(series);
  selection.sop_instance_uids = one(instance);
  if (archive_.remove(selection) == 0) throw Problem(404, "there is no " + resource.name() + " in the archive");
  response.status(204);
}

}  // namespace fermata::dicomweb
