#include "read_services.hpp"

namespace fermata::dicomweb {
namespace {

constexpr std::string_view kRead = "studies.read";
constexpr std::string_view kStudy = "/studies/{study}";
constexpr std::string_view kSeries = "/studies/{study}/series/{series}";
constexpr std::string_view kInstance = "/studies/{study}/series/{series}/instances/{instance}";

const std::vector<std::string_view> kDataSets{"application/dicom+json",
                                              "multipart/related; type=\"application/dicom+xml\""};
const std::vector<std::string_view> kObjects{"multipart/related; type=\"application/dicom\"", "application/zip"};
const std::vector<std::string_view> kValues{"multipart/related; type=\"application/octet-stream\"",
                                            "application/octet-stream"};
const std::vector<std::string_view> kPictures{"image/jpeg", "image/png"};

}  // namespace

ReadServices::ReadServices(Archive& archive, Transcoder* transcoder, FrameRenderer* renderer,
                           const AttributeDictionary& dictionary, const Settings& settings, const Journal& journal,
                           AuditTrail* trail)
    : search_(archive, dictionary, settings.root, settings.maximum_results),
      metadata_(archive, dictionary, settings.root),
      instances_(archive, transcoder, settings.root, journal),
      frames_(archive, transcoder, settings.root, journal),
      bulk_data_(archive, transcoder, frames_),
      rendered_(archive, renderer, bulk_data_, settings.root, journal),
      wado_uri_(archive, transcoder, instances_, rendered_, bulk_data_),
      notes_(trail) {}

void ReadServices::add_to(Routes& routes) const {
  const auto get = [&](std::string path, std::vector<std::string_view> media, Routes::Answer answer) {
    routes.add("GET", path, kRead, std::move(answer), {{}, std::move(media)});
  };
  const auto search = [&](std::string path, Level level) {
    get(std::move(path), kDataSets, [this, level](auto& request, auto& response) {
      search_.answer(level, request, response);
      notes_.searched(request, level);
    });
  };
  const auto read = [&](std::string path, const std::vector<std::string_view>& media, Routes::Answer answer) {
    get(std::move(path), media, [this, answer = std::move(answer)](auto& request, auto& response) {
      notes_.reading(request, std::string(request.parameter("study")), [&] { answer(request, response); });
    });
  };
  search("/studies", Level::study);
  search("/series", Level::series);
  search("/instances", Level::image);
  search(std::string(kStudy) + "/series", Level::series);
  search(std::string(kStudy) + "/instances", Level::image);
  search(std::string(kSeries) + "/instances", Level::image);

  for (const auto resource : {kStudy, kSeries, kInstance}) {
    const std::string path(resource);
    read(path, kObjects, [this](auto& request, auto& response) { instances_.answer(request, response); });
    read(path + "/metadata", kDataSets, [this](auto& request, auto& response) { metadata_.answer(request, response); });
    read(path + "/rendered", kPictures, [this](auto& request, auto& response) { rendered_.answer(request, response); });
    read(path + "/thumbnail", kPictures,
         [this](auto& request, auto& response) { rendered_.answer_thumbnail(request, response); });
  }
  const auto frames = std::string(kInstance) + "/frames/{frames}";
  read(frames, kValues, [this](auto& request, auto& response) { frames_.answer(request, response); });
  read(frames + "/rendered", kPictures,
       [this](auto& request, auto& response) { rendered_.answer_frames(request, response); });
  read(frames + "/thumbnail", kPictures,
       [this](auto& request, auto& response) { rendered_.answer_thumbnail(request, response); });
  read(std::string(kInstance) + "/bulkdata/{tag}", kValues,
       [this](auto& request, auto& response) { bulk_data_.answer(request, response); });
}

void ReadServices::add_wado_uri_to(Routes& routes) const {
  routes.add("GET", "", kRead, [this](auto& request, auto& response) {
    const QueryParameters parameters(request.query());
    notes_.reading(request, std::string(parameters.value("studyUID")), [&] { wado_uri_.answer(request, response); });
  });
}

}  // namespace fermata::dicomweb
