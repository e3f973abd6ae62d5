#include "write_services.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::string_view kStore = "studies.store";
constexpr std::string_view kDelete = "studies.delete";

}  // namespace

WriteServices::WriteServices(Archive& archive, const AttributeDictionary& dictionary, const Settings& settings,
                             const Journal& journal, AuditTrail* trail)
    : archive_(archive), notes_(trail), store_(archive, dictionary, settings, journal, notes_), deletion_(archive) {}

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
      notes_.deleting(request, archive_, [&] { deletion_.answer(request, response); });
    });
}

}  // namespace fermata::dicomweb
