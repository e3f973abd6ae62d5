#include <array>
#include <csetjmp>
#include <cstdio>
#include <string>
#include <utility>

#include <jpeglib.h>

#include "fermata/error.hpp"
#include "rendering/encoded_picture.hpp"
#include "rendering/image_writer.hpp"

namespace fermata::codecs::rendering {
namespace {

constexpr uint32_t kFullChromaFrom = 90;

struct Compressor {
  jpeg_compress_struct info{};
  ~Compressor() { jpeg_destroy_compress(&info); }
};

class JpegWriter final : public ImageWriter {
 public:
  explicit JpegWriter(const PictureForm& form) {
    if (form.width > JPEG_MAX_DIMENSION || form.height > JPEG_MAX_DIMENSION)
      throw Error(Code::unsupported, "a JPEG has at most " + std::to_string(JPEG_MAX_DIMENSION) +
                                         " pixels a side: ask for image/png or a smaller viewport");
    compressor_.info.err = jpeg_std_error(&errors_);
    compressor_.info.client_data = this;
    errors_.error_exit = fail;
    errors_.output_message = [](j_common_ptr) {};
    destination_.init_destination = [](j_compress_ptr info) { self(info).empty_buffer(); };
    destination_.empty_output_buffer = [](j_compress_ptr info) { return self(info).flush(kBuffer); };
    destination_.term_destination = [](j_compress_ptr info) {
      self(info).flush(kBuffer - self(info).destination_.free_in_buffer);
    };
    guarded([&] { begin(form); });
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  void line(std::span<const uint8_t> pixels) override {
    auto* row = const_cast<JSAMPROW>(pixels.data());
    guarded([&] { jpeg_write_scanlines(&compressor_.info, &row, 1); });
  }
  std::unique_ptr<RenderedFrame> finish() override {
    guarded([&] { jpeg_finish_compress(&compressor_.info); });
    return std::move(picture_);
  }

 private:
  static constexpr std::size_t kBuffer = 65536;

  static JpegWriter& self(j_compress_ptr info) { return *static_cast<JpegWriter*>(info->client_data); }
  /// libjpeg reports by a call that must not return: the jump leads back to `guarded`.
  [[noreturn]] static void fail(j_common_ptr info) {
    auto& writer = *static_cast<JpegWriter*>(info->client_data);
    info->err->format_message(info, writer.message_);
    std::longjmp(writer.back_, 1);
  }
  /// What `call` uses must need no destructor: an error jumps over it.
  template <class Call>
  void guarded(Call&& call) {
    if (setjmp(back_) != 0)
      throw Error(Code::internal, std::string("the JPEG library could not write a picture: ") + message_);
    call();
  }
  void begin(const PictureForm& form) {
    auto* const info = &compressor_.info;
    jpeg_create_compress(info);
    info->dest = &destination_;
    info->image_width = form.width;
    info->image_height = form.height;
    info->input_components = static_cast<int>(form.channels);
    info->in_color_space = form.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(info);
    const auto quality = form.quality == 0 ? kDefaultQuality : form.quality;
    jpeg_set_quality(info, static_cast<int>(quality), TRUE);
    if (quality >= kFullChromaFrom) info->comp_info[0].h_samp_factor = info->comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(info, TRUE);
    if (!form.icc_profile.empty())
      jpeg_write_icc_profile(info, reinterpret_cast<const JOCTET*>(form.icc_profile.data()),
                             static_cast<unsigned>(form.icc_profile.size()));
  }
  void empty_buffer() {
    destination_.next_output_byte = buffer_.data();
    destination_.free_in_buffer = kBuffer;
  }
  boolean flush(std::size_t size) {
    if (!picture_->append(buffer_.data(), size)) {
      std::snprintf(message_, sizeof message_, "out of memory");
      std::longjmp(back_, 1);
    }
    empty_buffer();
    return TRUE;
  }

  Compressor compressor_;
  jpeg_error_mgr errors_{};
  jpeg_destination_mgr destination_{};
  std::array<JOCTET, kBuffer> buffer_;
  std::unique_ptr<EncodedPicture> picture_ = std::make_unique<EncodedPicture>();
  std::jmp_buf back_{};
  char message_[JMSG_LENGTH_MAX] = "";
};

}  // namespace

std::unique_ptr<ImageWriter> jpeg_writer(const PictureForm& form) { return std::make_unique<JpegWriter>(form); }

}  // namespace fermata::codecs::rendering
