#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <cstdio>

#include <jpeglib.h>
#include <png.h>

namespace fermata::codecs::rendering::testing {

/// A JPEG or PNG, read by the libraries' own decoders.
struct DecodedPicture {
  uint32_t width = 0;
  uint32_t height = 0;
  unsigned channels = 0;
  std::vector<uint8_t> pixels;
  std::size_t icc_profile = 0;  ///< its length
  bool full_chroma = false;     ///< of a JPEG

  uint8_t at(uint32_t x, uint32_t y, unsigned c = 0) const {
    return pixels.at((std::size_t{y} * width + x) * channels + c);
  }
};

inline DecodedPicture decode_jpeg(std::span<const std::byte> bytes) {
  jpeg_decompress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  errors.error_exit = [](j_common_ptr) { std::abort(); };
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  jpeg_save_markers(&info, JPEG_APP0 + 2, 0xffff);
  jpeg_read_header(&info, TRUE);
  DecodedPicture picture;
  JOCTET* profile = nullptr;
  unsigned length = 0;
  if (jpeg_read_icc_profile(&info, &profile, &length)) picture.icc_profile = length;
  std::free(profile);
  picture.full_chroma = info.comp_info[0].h_samp_factor == 1;
  jpeg_start_decompress(&info);
  picture.width = info.output_width;
  picture.height = info.output_height;
  picture.channels = static_cast<unsigned>(info.output_components);
  const std::size_t line = std::size_t{picture.width} * picture.channels;
  picture.pixels.resize(line * picture.height);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = picture.pixels.data() + line * info.output_scanline;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return picture;
}

inline DecodedPicture decode_png(std::span<const std::byte> bytes) {
  struct Source {
    std::span<const std::byte> rest;
  } source{bytes};
  png_structp png = png_create_read_struct(
      PNG_LIBPNG_VER_STRING, nullptr, [](png_structp, png_const_charp) { std::abort(); },
      [](png_structp, png_const_charp) {});
  png_infop info = png_create_info_struct(png);
  png_set_read_fn(png, &source, [](png_structp p, png_bytep out, png_size_t size) {
    auto& from = *static_cast<Source*>(png_get_io_ptr(p));
    if (size > from.rest.size()) png_error(p, "cut off");
    std::copy_n(reinterpret_cast<const uint8_t*>(from.rest.data()), size, out);
    from.rest = from.rest.subspan(size);
  });
  png_read_info(png, info);
  DecodedPicture picture;
  picture.width = png_get_image_width(png, info);
  picture.height = png_get_image_height(png, info);
  picture.channels = png_get_channels(png, info);
  if (png_get_bit_depth(png, info) != 8) throw std::runtime_error("not 8 bits a channel");
  png_charp name = nullptr;
  png_bytep profile = nullptr;
  int compression = 0;
  png_uint_32 length = 0;
  if (png_get_iCCP(png, info, &name, &compression, &profile, &length) != 0) picture.icc_profile = length;
  const std::size_t line = std::size_t{picture.width} * picture.channels;
  picture.pixels.resize(line * picture.height);
  for (uint32_t y = 0; y < picture.height; ++y) png_read_row(png, picture.pixels.data() + line * y, nullptr);
  png_destroy_read_struct(&png, &info, nullptr);
  return picture;
}

}  // namespace fermata::codecs::rendering::testing
