#include "rendering/image_writer.hpp"

#include <string>

#include "fermata/error.hpp"

namespace fermata::codecs::rendering {

MakeWriter writer_for(std::string_view media_type) {
  if (media_type == "image/jpeg") return jpeg_writer;
  if (media_type == "image/png") return png_writer;
  throw Error(Code::unsupported, "pictures are made as image/jpeg and image/png, not as " + std::string(media_type));
}

}  // namespace fermata::codecs::rendering
