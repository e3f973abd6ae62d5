#include "rendering/renderer.hpp"

#include <string>
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

/// What is wrong with the object is not wrong with the request.
std::unique_ptr<DecodedFrames> frames_of(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                         Memory& memory) {
  try {
    return std::make_unique<DecodedFrames>(record, std::move(object), memory);
  } catch (const Error& error) {
    if (error.code() != Code::invalid) throw;
    throw Error(Code::unsupported, "no picture can be made of an object of SOP Class " +
                                       std::string(record.sop_class_uid) + ": " + error.what());
  }
}

}  // namespace

std::unique_ptr<RenderedFrame> Renderer::render(const InstanceRecord& record, std::unique_ptr<ObjectReader> object,
                                                const Rendering& wanted) {
  const auto make_writer = rendering::writer_for(wanted.media_type);
  const auto window = rendering::asked_window(wanted);
  if (wanted.quality > 100) throw Error(Code::invalid, "the quality of a picture is from 1 to 100");

  const rendering::ObjectValues values(record, *object);
  const rendering::FrameAttributes attributes(values.header(), wanted.frame);
  const auto frames = frames_of(record, std::move(object), memory_);
  const auto bytes = frames->frame(wanted.frame);
  const auto picture = rendering::picture(frames->description(), bytes, attributes, values, window);

  const auto geometry =
      rendering::geometry(picture->columns(), picture->rows(), rendering::aspect_ratio(attributes), wanted);
  const auto writer =
      make_writer({geometry.horizontal.target, geometry.vertical.target, picture->channels(), wanted.quality,
                   picture->channels() == 3 ? rendering::icc_profile(values) : std::span<const std::byte>{}});
  rendering::resample(*picture, geometry, *writer);
  return writer->finish();
}

}  // namespace fermata::codecs
