#include "read_services.hpp"

#include <utility>

#include "fermata/visible_studies.hpp"
#include "problem.hpp"

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

constexpr double kBurst = 10;  // seconds

}  // namespace

ReadServices::Services::Services(Archive& archive, const ReadServices& all)
    : search(archive, all.dictionary_, all.settings_.root, all.settings_.maximum_results),
      metadata(archive, all.dictionary_, all.settings_.root),
      instances(archive, all.transcoder_, all.settings_.root, all.journal_),
      frames(archive, all.transcoder_, all.settings_.root, all.journal_),
      bulk_data(archive, all.transcoder_, frames),
      rendered(archive, all.renderer_, bulk_data, all.settings_.root, all.journal_),
      wado_uri(archive, all.transcoder_, instances, rendered, bulk_data) {}

ReadServices::ReadServices(Archive& archive, Transcoder* transcoder, FrameRenderer* renderer,
                           const AttributeDictionary& dictionary, const Settings& settings, const Journal& journal,
                           AuditTrail* trail)
    : archive_(archive),
      transcoder_(transcoder),
      renderer_(renderer),
      dictionary_(dictionary),
      settings_(settings),
      journal_(journal),
      notes_(trail),
      on_whole_archive_(archive, *this),
      searches_(settings.searches_per_second, settings.searches_per_second * kBurst) {}

void ReadServices::keep_pace(HttpRequest& request, HttpResponse& response) const {
  if (searches_.take(request.peer_address()).count() == 0) return;
  journal_.count("limit_searches_total", 1);
  response.header("Retry-After", "1");
  throw Problem(429, "there are too many searches from this address: try again, and search less often");
}

Routes::Answer ReadServices::answer(Use use) const {
  return [this, use = std::move(use)](HttpRequest& request, HttpResponse& response) {
    if (request.sees_all_studies()) return use(on_whole_archive_, request, response);
    VisibleArchive visible(archive_, request);
    use(Services(visible, *this), request, response);
  };
}

void ReadServices::add_to(Routes& routes) const {
  const auto get = [&](const std::string& path, std::vector<std::string_view> media, Use use) {
    routes.add("GET", path, kRead, answer(std::move(use)), {{}, std::move(media)});
  };
  const auto search = [&](const std::string& path, Level level) {
    get(path, kDataSets, [this, level](auto& on, auto& request, auto& response) {
      keep_pace(request, response);
      on.search.answer(level, request, response);
      notes_.searched(request, level);
    });
  };
  const auto read = [&](const std::string& path, const std::vector<std::string_view>& media, Use use) {
    get(path, media, [this, use = std::move(use)](auto& on, auto& request, auto& response) {
      notes_.reading(request, std::string(request.parameter("study")), [&] { use(on, request, response); });
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
    read(path, kObjects, [](auto& on, auto& request, auto& response) { on.instances.answer(request, response); });
    read(path + "/metadata", kDataSets,
         [](auto& on, auto& request, auto& response) { on.metadata.answer(request, response); });
    read(path + "/rendered", kPictures,
         [](auto& on, auto& request, auto& response) { on.rendered.answer(request, response); });
    read(path + "/thumbnail", kPictures,
         [](auto& on, auto& request, auto& response) { on.rendered.answer_thumbnail(request, response); });
  }
  const auto frames = std::string(kInstance) + "/frames/{frames}";
  read(frames, kValues, [](auto& on, auto& request, auto& response) { on.frames.answer(request, response); });
  read(frames + "/rendered", kPictures,
       [](auto& on, auto& request, auto& response) { on.rendered.answer_frames(request, response); });
  read(frames + "/thumbnail", kPictures,
       [](auto& on, auto& request, auto& response) { on.rendered.answer_thumbnail(request, response); });
  read(std::string(kInstance) + "/bulkdata/{tag}", kValues,
       [](auto& on, auto& request, auto& response) { on.bulk_data.answer(request, response); });
}

void ReadServices::add_wado_uri_to(Routes& routes) const {
  routes.add("GET", "", kRead, answer([this](auto& on, auto& request, auto& response) {
               const QueryParameters parameters(request.query());
               notes_.reading(request, std::string(parameters.value("studyUID")),
                              [&] { on.wado_uri.answer(request, response); });
             }));
}

}  // namespace fermata::dicomweb
