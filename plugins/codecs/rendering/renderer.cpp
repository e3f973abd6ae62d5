#include "rendering/renderer.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "decoded_frames.hpp"
#include "fermata/error.hpp"
#include "rendering/frame_attributes.hpp"
#include "rendering/geometry.hpp"
#include "rendering/image_writer.hpp"
#include "rendering/object_values.hpp"
#include "rendering/picture.hpp"
#include "rendering/resampling.hpp"
#include "rendering/voi.hpp"

namespace fermata::codecs {
namespace {

/// Pixel Data, Float Pixel Data or Double Float Pixel Data.
bool is_pixel_data(const BulkValue& value) {
  return value.tag == 0x7fe00010 || value.tag == 0x7fe00008 || value.tag == 0x7fe00009;
}

/// MPEG-2, MPEG-4 AVC and HEVC (PS3.5 A.4.5 to A.4.8).
bool is_video(std::string_view transfer_syntax) {
  constexpr std::string_view kPrefix = "1.2.840.10008.1.2.4.10";
  return transfer_syntax.size() > kPrefix.size() && transfer_syntax.starts_with(kPrefix) &&
         transfer_syntax[kPrefix.size()] <= '8';
}

void need_pixels(const InstanceRecord& record) {
  if (std::none_of(record.bulk.begin(), record.bulk.end(), is_pixel_data))
    throw Error(Code::unsupported, "SOP Class " + std::string(record.sop_class_uid) +
                                       ": this object has no pixel data, so no picture can be made of it");
  if (is_video(record.transfer_syntax_uid))
    throw Error(Code::unsupported, "this object is a video (Transfer Syntax " +
                                       std::string(record.transfer_syntax_uid) +
                                       "): no pictures are made of its frames, ask for the object itself");
}

}  // namespace

std::unique_ptr<RenderedFrame> Renderer::render(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                                const Rendering& wanted) {
  const auto make_writer = rendering::writer_for(wanted.media_type);
  const auto window = rendering::asked_window(wanted);
  if (wanted.quality > 100) throw Error(Code::invalid, "the quality of a picture is from 1 to 100");
  need_pixels(record);

  const rendering::ObjectValues values(record, *object);
  const rendering::FrameAttributes attributes(values.header(), wanted.frame);
  DecodedFrames frames(record, std::move(object), memory_);
  const auto bytes = frames.frame(wanted.frame);
  const auto picture = rendering::picture(frames.description(), bytes, attributes, values, window);

  const auto geometry =
      rendering::geometry(picture->columns(), picture->rows(), rendering::aspect_ratio(attributes), wanted);
  const auto writer =
      make_writer({geometry.horizontal.target, geometry.vertical.target, picture->channels(), wanted.quality,
                   picture->channels() == 3 ? rendering::icc_profile(values) : std::span<const std::byte>{}});
  rendering::resample(*picture, geometry, *writer);
  return writer->finish();
}

}  // namespace fermata::codecs
