#include "frame_retrieval.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

#include "entity_tag.hpp"
#include "frame_form.hpp"
#include "multipart_writer.hpp"
#include "problem.hpp"
#include "query_parameters.hpp"
#include "resource.hpp"

namespace fermata::dicomweb {
namespace {

constexpr uint32_t kPixelData[] = {0x7fe00008, 0x7fe00009, 0x7fe00010};  // of float, of double, of integers

[[noreturn]] void refuse(std::string_view stored) {
  refuse_as_not_acceptable(
      "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*, which gives transfer syntax " +
      std::string(stored) + ". A single frame can also be had without multipart/related");
}

void check_numbers(const std::vector<uint64_t>& numbers, uint64_t count) {
  for (const auto number : numbers)
    if (number > count)
      throw Problem(404, "there is no frame " + std::to_string(number) + ": the instance has " + std::to_string(count));
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
void send_parts(HttpResponse& response, FrameReader& frames, std::span<const uint64_t> numbers,
                std::span<const std::byte> first, const FrameForm& form, const std::string& url) {
  const auto type = content_type(form.media_type, form.transfer_syntax);
  MultipartWriter parts(response, form.media_type);
  parts.begin_part(type, url + std::to_string(numbers.front()));
  parts.body().add(first);
  for (const auto number : numbers.subspan(1)) {
    parts.begin_part(type, url + std::to_string(number));
    parts.body().add(frames.frame(number, form.transfer_syntax));
  }
  parts.finish();
}

}  // namespace

std::vector<uint64_t> parse_frame_numbers(std::string_view list) {
  std::vector<uint64_t> numbers;
  for (const auto part : comma_list(list)) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    if (error != std::errc{} || end != part.data() + part.size() || number == 0)
      throw Error(Code::invalid, "\"" + std::string(part) + "\" is no frame number: frames are counted from 1");
    numbers.push_back(number);
  }
  if (numbers.empty()) throw Error(Code::invalid, "the path names no frame");
  return numbers;
}

bool has_pixel_data(const InstanceRecord& record) {
  return std::any_of(record.bulk.begin(), record.bulk.end(), [](const BulkValue& value) {
    return std::find(std::begin(kPixelData), std::end(kPixelData), value.tag) != std::end(kPixelData);
  });
}

void FrameRetrieval::answer(HttpRequest& request, HttpResponse& response) const {
  auto numbers = parse_frame_numbers(request.parameter("frames"));
  const auto resource = Resource::of(request);
  ResourceInstances instances(archive_, resource, true);
  InstanceRecord record;
  instances.next(record);
  if (!has_pixel_data(record)) throw Problem(404, "instance " + resource.instance + " has no frames");
  send(request, response, record, std::move(numbers));
}

void FrameRetrieval::send(HttpRequest& request, HttpResponse& response, const InstanceRecord& record,
                          std::vector<uint64_t> numbers) const {
  if (transcoder_ == nullptr) throw Problem(501, "frames can't be retrieved: the plugin `codecs` is not loaded");
  const auto frames = transcoder_->frames(record, archive_.open(record));
  if (numbers.empty()) {
    numbers.resize(static_cast<std::size_t>(std::max<uint64_t>(frames->count(), 1)));
    std::iota(numbers.begin(), numbers.end(), uint64_t{1});
  }
  check_numbers(numbers, frames->count());

  const auto stored = record.transfer_syntax_uid;
  const auto accepted = accepted_media(request, QueryParameters(request.query()));
  const auto form = best_of(std::span(accepted), [&](const MediaRange& range) {
    return frame_form(range, stored, numbers.size() == 1, *transcoder_);
  });
  if (!form) refuse(stored);

  const auto type = content_type(form->media_type, form->transfer_syntax);
  const auto tag = entity_tag(record, std::string(request.path()).append(form->multipart ? " parts " : " ") + type);
  // The boundary between parts is another one each time: the tag is a weak one.
  if (answered_not_modified(request, response, form->multipart ? "W/" + tag : tag)) return;
  const auto first = first_frame(*frames, numbers.front(), *form, stored);
  if (form->multipart) {
    send_parts(response, *frames, numbers, first, *form,
               std::string(request.base_url()) + root_ + instance_path(record) + "/frames/");
  } else {
    response.header("Content-Type", type);
    response.header("Content-Length", std::to_string(first.size()));
    response.write(first);
  }
  journal_.count("frames_sent_total", numbers.size());
}

}  // namespace fermata::dicomweb
