#include "retrieve/rendered_retrieval.hpp"

#include <optional>
#include <span>

#include "entity_tag.hpp"
#include "fermata/query_parameters.hpp"
#include "problem.hpp"
#include "retrieve/frame_retrieval.hpp"
#include "retrieve/rendering_parameters.hpp"
#include "retrieve/representative.hpp"

namespace fermata::dicomweb {
namespace {

/// How pictures are sent.
struct Form {
  std::string_view media_type;
  bool multipart = false;
  bool as_stored = true;  ///< for best_of: all cost the same
};

std::optional<Form> form_of(std::span<const MediaRange> accepted) {
  return best_of(accepted, [](const MediaRange& range) -> std::optional<Form> {
    for (const std::string_view type : {"image/jpeg", "image/png"})
      if (range.includes(type)) return Form{type, !range.allows_single()};
    return {};
  });
}

[[noreturn]] void refuse_type() {
  refuse_as_not_acceptable("image/jpeg and image/png, alone or as parts of multipart/related");
}

InstanceRecord one_record(ResourceInstances& instances) {
  InstanceRecord record;
  instances.next(record);
  return record;
}

}  // namespace

void RenderedRetrieval::answer(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  auto rendering = parse_rendering(parameters);
  const auto accepted = accepted_media(request, parameters);
  const auto resource = Resource::of(request);
  if (!resource.instance.empty()) {
    ResourceInstances instances(archive_, resource, true);
    if (bulk_data_.sent_document(request, response, one_record(instances), accepted)) return;
  }
  const auto form = form_of(accepted);
  if (!form) {
    const ResourceInstances known(archive_, resource, false);  // what does not exist is 404 first
    refuse_type();
  }
  rendering.media_type = form->media_type;
  if (form->multipart)
    send_all(request, response, resource, rendering);
  else
    send_representative(request, response, resource, rendering);
}

void RenderedRetrieval::answer_frames(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  const auto numbers = FrameNumbers::parse(request.parameter("frames"));
  auto rendering = parse_rendering(parameters);
  const auto resource = Resource::of(request);
  ResourceInstances instances(archive_, resource, true);
  const auto record = one_record(instances);
  const auto form = form_of(accepted_media(request, parameters));
  if (!form) refuse_type();
  rendering.media_type = form->media_type;
  if (numbers.count() == 1 && !form->multipart) {
    rendering.frame = numbers[0];
    return send_one(request, response, record, rendering);
  }
  numbers.require_within(number_of_frames(record));
  MultipartWriter parts(response, form->media_type);
  send_frames(parts, record, numbers, rendering, std::string(request.base_url()) + root_ + instance_path(record));
  parts.finish();
}

void RenderedRetrieval::answer_thumbnail(HttpRequest& request, HttpResponse& response) const {
  const QueryParameters parameters(request.query());
  auto rendering = parse_thumbnail(parameters);
  const auto form = form_of(accepted_media(request, parameters));
  if (!form || form->multipart) refuse_as_not_acceptable("image/jpeg and image/png");
  rendering.media_type = form->media_type;
  const auto frames = request.parameter("frames");
  if (frames.empty()) return send_representative(request, response, Resource::of(request), rendering);
  ResourceInstances instances(archive_, Resource::of(request), true);
  rendering.frame = FrameNumbers::parse(frames)[0];
  send_one(request, response, one_record(instances), rendering);
}

void RenderedRetrieval::send_representative(HttpRequest& request, HttpResponse& response, const Resource& resource,
                                            Rendering rendering) const {
  const auto image = representative_image(archive_, resource);
  if (!image) throw Problem(406, "there is no picture of " + resource.name() + ": it has no image");
  ResourceInstances instances(archive_, *image, true);
  const auto record = one_record(instances);
  rendering.frame = representative_frame(record);
  send_one(request, response, record, rendering);
}

void RenderedRetrieval::send_one(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                                 const Rendering& rendering) const {
  const auto tag =
      entity_tag(record, std::string(request.path()).append("?").append(request.query()).append(rendering.media_type));
  if (answered_not_modified(request, response, tag)) return;
  const auto picture = render(record, rendering);
  response.header("Content-Type", rendering.media_type);
  response.header("Content-Length", std::to_string(picture->bytes().size()));
  response.write(picture->bytes());
}

void RenderedRetrieval::send_all(HttpRequest& request, HttpResponse& response, const Resource& resource,
                                 Rendering rendering) const {
  const auto url = std::string(request.base_url()) + root_;
  MultipartWriter parts(response, rendering.media_type);
  ResourceInstances instances(archive_, resource, true);
  bool any = false;
  for (InstanceRecord record; instances.next(record);) {
    if (!has_pixel_data(record)) continue;
    send_frames(parts, record, FrameNumbers::all(number_of_frames(record)), rendering, url + instance_path(record));
    any = true;
  }
  if (!any) throw Problem(406, "there is no picture of " + resource.name() + ": it has no image");
  parts.finish();
}

void RenderedRetrieval::send_frames(MultipartWriter& parts, const InstanceRecord& record, const FrameNumbers& numbers,
                                    Rendering rendering, const std::string& url) const {
  for (uint64_t i = 0; i < numbers.count(); ++i) {
    rendering.frame = numbers[i];
    const auto picture = render(record, rendering);
    parts.begin_part(rendering.media_type, url + "/frames/" + std::to_string(numbers[i]) + "/rendered");
    parts.body().add(picture->bytes());
  }
}

std::unique_ptr<RenderedFrame> RenderedRetrieval::render(const InstanceRecord& record,
                                                         const Rendering& rendering) const {
  if (renderer_ == nullptr) throw Problem(501, "no pictures can be made: the plugin `codecs` is not loaded");
  try {
    auto picture = renderer_->render(record, archive_.open(record), rendering);
    journal_.count("pictures_sent_total", 1);
    return picture;
  } catch (const Error& error) {
    if (error.code() != Code::unsupported) throw;
    throw Problem(406, std::string("no such picture can be made of instance ")
                           .append(record.sop_instance_uid)
                           .append(": ")
                           .append(error.what()));
  }
}

}  // namespace fermata::dicomweb
