#include "retrieve/frame_retrieval.hpp"

#include <algorithm>

#include "entity_tag.hpp"
#include "fermata/query_parameters.hpp"
#include "problem.hpp"
#include "resource.hpp"
#include "retrieve/frame_form.hpp"
#include "retrieve/multipart_writer.hpp"

namespace fermata::dicomweb {
namespace {

constexpr uint32_t kPixelData[] = {0x7fe00008, 0x7fe00009, 0x7fe00010};  // of float, of double, of integers

[[noreturn]] void refuse(std::string_view stored) {
  refuse_as_not_acceptable(
      "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*, which gives transfer syntax " +
      std::string(stored) + ". A single frame can also be had without multipart/related");
}

/// A damaged frame is an error; that there is no way to the transfer syntax is the client's to know.
std::span<const std::byte> first_frame(FrameReader& frames, uint64_t number, const FrameForm& form,
                                       std::string_view stored) {
  try {
    return frames.frame(number, form.transfer_syntax);
  } catch (const Error& error) {
    if (error.code() == Code::unsupported) refuse(stored);
    throw;
  }
}

/// `first`: the first of them, which is there already.
void send_parts(HttpResponse& response, FrameReader& frames, const FrameNumbers& numbers,
                std::span<const std::byte> first, const FrameForm& form, const std::string& url) {
  const auto type = content_type(form.media_type, form.transfer_syntax);
  MultipartWriter parts(response, form.media_type);
  for (uint64_t i = 0; i < numbers.count(); ++i) {
    parts.begin_part(type, url + std::to_string(numbers[i]));
    parts.body().add(i == 0 ? first : frames.frame(numbers[i], form.transfer_syntax));
  }
  parts.finish();
}

}  // namespace

bool has_pixel_data(const InstanceRecord& record) {
  return std::any_of(record.bulk.begin(), record.bulk.end(), [](const BulkValue& value) {
    return std::find(std::begin(kPixelData), std::end(kPixelData), value.tag) != std::end(kPixelData);
  });
}

void FrameRetrieval::answer(HttpRequest& request, HttpResponse& response) const {
  const auto numbers = FrameNumbers::parse(request.parameter("frames"));
  const auto resource = Resource::of(request);
  ResourceInstances instances(archive_, resource, true);
  InstanceRecord record;
  instances.next(record);
  if (!has_pixel_data(record)) throw Problem(404, "instance " + resource.instance + " has no frames");
  const auto frames = open(record);
  numbers.require_within(frames->count());
  send(request, response, record, *frames, numbers);
}

void FrameRetrieval::send_all(HttpRequest& request, HttpResponse& response, const InstanceRecord& record) const {
  const auto frames = open(record);
  const auto numbers = FrameNumbers::all(frames->count());
  if (numbers.count() == 0) throw Problem(404, "the instance has no frames");
  send(request, response, record, *frames, numbers);
}

std::unique_ptr<FrameReader> FrameRetrieval::open(const InstanceRecord& record) const {
  if (transcoder_ == nullptr) throw Problem(501, "frames can't be retrieved: the plugin `codecs` is not loaded");
  try {
    return transcoder_->frames(record, archive_.open(record));
  } catch (const Error& error) {
    if (error.code() != Code::unsupported) throw;
    throw Problem(406,
                  "the frames of instance " + std::string(record.sop_instance_uid) + " can't be had: " + error.what());
  }
}

void FrameRetrieval::send(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                          FrameReader& frames, const FrameNumbers& numbers) const {
  const auto stored = record.transfer_syntax_uid;
  const auto accepted = accepted_media(request, QueryParameters(request.query()));
  const auto form = best_of(std::span(accepted), [&](const MediaRange& range) {
    return frame_form(range, stored, numbers.count() == 1, *transcoder_);
  });
  if (!form) refuse(stored);

  const auto type = content_type(form->media_type, form->transfer_syntax);
  const auto tag = entity_tag(record, std::string(request.path()).append(form->multipart ? " parts " : " ") + type);
  // The boundary between parts is another one each time: the tag is a weak one.
  if (answered_not_modified(request, response, form->multipart ? "W/" + tag : tag)) return;
  const auto first = first_frame(frames, numbers[0], *form, stored);
  if (form->multipart) {
    send_parts(response, frames, numbers, first, *form,
               std::string(request.base_url()) + root_ + instance_path(record) + "/frames/");
  } else {
    response.header("Content-Type", type);
    response.header("Content-Length", std::to_string(first.size()));
    response.write(first);
  }
  journal_.count("frames_sent_total", numbers.count());
}

}  // namespace fermata::dicomweb
