#include "write_services.hpp"

#include "fermata/visible_studies.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::string_view kStore = "studies.store";
constexpr std::string_view kDelete = "studies.delete";

}  // namespace

WriteServices::WriteServices(Archive& archive, const AttributeDictionary& dictionary, const Settings& settings,
                             const Journal& journal, AuditTrail* trail)
    : archive_(archive), notes_(trail), store_(archive, dictionary, settings, journal, notes_) {}

void WriteServices::add_to(Routes& routes) {
  const Routes::Media media{
      {"multipart/related; type=\"application/dicom\"", "multipart/related; type=\"application/dicom+json\"",
       "multipart/related; type=\"application/dicom+xml\"", "application/dicom"},
      {"application/dicom+json", "application/dicom+xml"}};
  for (const auto path : {"/studies", "/studies/{study}"})
    routes.add(
        "POST", path, kStore, [this](auto& request, auto& response) { store_.answer(request, response); }, media);
  for (const auto path : {"/studies/{study}", "/studies/{study}/series/{series}",
                          "/studies/{study}/series/{series}/instances/{instance}"})
    routes.add("DELETE", path, kDelete, [this](auto& request, auto& response) {
      VisibleArchive visible(archive_, request);
      notes_.deleting(request, visible, [&] { Deletion(visible).answer(request, response); });
    });
}

}  // namespace fermata::dicomweb
