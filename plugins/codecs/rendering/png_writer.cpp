#include <csetjmp>
#include <cstdio>
#include <new>
#include <span>
#include <string>
#include <utility>

#include <png.h>

#include "fermata/error.hpp"
#include "rendering/encoded_picture.hpp"
#include "rendering/image_writer.hpp"

namespace fermata::codecs::rendering {
namespace {

/// The library's own choice takes four to six times as long, for a tenth less.
constexpr int kCompression = 1;

/// The library refuses to write a picture with a profile of which this is wrong; everything else it leaves to readers.
bool has_the_length_it_says(std::span<const std::byte> icc_profile) {
  constexpr std::size_t kHeader = 132;
  if (icc_profile.size() < kHeader || icc_profile.size() % 4 != 0) return false;
  std::size_t length = 0;
  for (const auto byte : icc_profile.first(4)) length = length << 8 | std::to_integer<std::size_t>(byte);
  return length == icc_profile.size();
}

struct Compressor {
  png_structp png = nullptr;
  png_infop info = nullptr;
  ~Compressor() { png_destroy_write_struct(&png, &info); }
};

class PngWriter final : public ImageWriter {
 public:
  explicit PngWriter(const PictureForm& form) {
    compressor_.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, fail, [](png_structp, png_const_charp) {});
    if (compressor_.png == nullptr) throw std::bad_alloc();
    guarded([&] { begin(form); });
  }
  PngWriter(const PngWriter&) = delete;
  PngWriter& operator=(const PngWriter&) = delete;

  void line(std::span<const uint8_t> pixels) override {
    guarded([&] { png_write_row(compressor_.png, pixels.data()); });
  }
  std::unique_ptr<RenderedFrame> finish() override {
    guarded([&] { png_write_end(compressor_.png, nullptr); });
    return std::move(picture_);
  }

 private:
  /// libpng reports by a call that must not return: the jump leads back to `guarded`.
  [[noreturn]] static void fail(png_structp png, png_const_charp message) {
    auto* const self = static_cast<PngWriter*>(png_get_error_ptr(png));
    std::snprintf(self->message_, sizeof self->message_, "%s", message);
    std::longjmp(self->back_, 1);
  }
  static void keep(png_structp png, png_bytep data, png_size_t size) {
    if (!static_cast<PngWriter*>(png_get_io_ptr(png))->picture_->append(data, size)) png_error(png, "out of memory");
  }
  /// What `call` uses must need no destructor: an error jumps over it.
  template <class Call>
  void guarded(Call&& call) {
    if (setjmp(back_) != 0)
      throw Error(Code::internal, std::string("the PNG library could not write a picture: ") + message_);
    call();
  }
  void begin(const PictureForm& form) {
    auto* const png = compressor_.png;
    auto* const info = compressor_.info = png_create_info_struct(png);
    if (info == nullptr) png_error(png, "out of memory");
    png_set_write_fn(png, this, keep, [](png_structp) {});
    png_set_compression_level(png, kCompression);
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
    png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
    png_set_IHDR(png, info, form.width, form.height, 8, form.channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_benign_errors(png, 1);  // a profile that the library finds wrong is left out
    if (has_the_length_it_says(form.icc_profile))
      png_set_iCCP(png, info, "ICC Profile", PNG_COMPRESSION_TYPE_BASE,
                   reinterpret_cast<png_const_bytep>(form.icc_profile.data()),
                   static_cast<png_uint_32>(form.icc_profile.size()));
    png_write_info(png, info);
  }

  Compressor compressor_;
  std::unique_ptr<EncodedPicture> picture_ = std::make_unique<EncodedPicture>();
  std::jmp_buf back_{};
  char message_[200] = "";
};

}  // namespace

std::unique_ptr<ImageWriter> png_writer(const PictureForm& form) { return std::make_unique<PngWriter>(form); }

}  // namespace fermata::codecs::rendering
