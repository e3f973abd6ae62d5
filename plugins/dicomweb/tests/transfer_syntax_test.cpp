#include "transfer_syntax.hpp"

#include <catch2/catch.hpp>

#include "scene.hpp"

using namespace fermata;
using namespace fermata::dicomweb;

namespace {

constexpr std::string_view kJpegBaseline = "1.2.840.10008.1.2.4.50";
constexpr std::string_view kJpegLs = "1.2.840.10008.1.2.4.80";

std::string chosen(std::string_view wanted, std::string_view stored, Transcoder* transcoder) {
  const auto choice = choose_transfer_syntax(wanted, stored, transcoder);
  if (!choice) return "none";
  return choice->uid + (choice->as_stored ? " as stored" : "");
}

/// Decodes whatever there is.
class AnyDecoder {
 public:
  AnyDecoder() {
    for (const auto from :
         {kImplicitLittle, kExplicitBig, dicom::transfer_syntax::kDeflatedExplicitLittleEndian, kJpegBaseline, kJpegLs})
      transcoder_.ways.insert({std::string(from), std::string(kExplicitLittle)});
  }
  Transcoder* operator&() { return &transcoder_; }

 private:
  dicomweb::testing::ToldTranscoder transcoder_;
};

}  // namespace

TEST_CASE("Without a transfer syntax, the default is Explicit VR Little Endian unless only lossy pixels exist") {
  AnyDecoder decoder;
  const std::string little(kExplicitLittle);
  CHECK(chosen("", kExplicitLittle, &decoder) == little + " as stored");
  CHECK(chosen("", kImplicitLittle, &decoder) == little);
  CHECK(chosen("", kJpegLs, &decoder) == little);
  CHECK(chosen("", dicom::transfer_syntax::kDeflatedExplicitLittleEndian, &decoder) == little);
  CHECK(chosen("", kJpegBaseline, &decoder) == std::string(kJpegBaseline) + " as stored");
  CHECK(chosen("", "1.2.840.10008.1.2.4.102", &decoder) == "1.2.840.10008.1.2.4.102 as stored");
}

TEST_CASE("What can't be brought to the default is given as stored") {
  CHECK(chosen("", kJpegLs, nullptr) == std::string(kJpegLs) + " as stored");
  CHECK(chosen("", "1.2.3.4", nullptr) == "1.2.3.4 as stored");
}

TEST_CASE("Any transfer syntax means as stored, but neither Implicit VR nor Big Endian") {
  AnyDecoder decoder;
  CHECK(chosen("*", kJpegLs, &decoder) == std::string(kJpegLs) + " as stored");
  CHECK(chosen("*", dicom::transfer_syntax::kDeflatedExplicitLittleEndian, &decoder) ==
        std::string(dicom::transfer_syntax::kDeflatedExplicitLittleEndian) + " as stored");
  CHECK(chosen("*", kImplicitLittle, &decoder) == kExplicitLittle);
  CHECK(chosen("*", kExplicitBig, &decoder) == kExplicitLittle);
  CHECK(chosen("*", kImplicitLittle, nullptr) == std::string(kImplicitLittle) + " as stored");
}

TEST_CASE("A named transfer syntax is given where it is stored or can be made, and nothing else") {
  AnyDecoder decoder;
  CHECK(chosen(kImplicitLittle, kImplicitLittle, &decoder) == std::string(kImplicitLittle) + " as stored");
  CHECK(chosen(kExplicitLittle, kJpegBaseline, &decoder) == kExplicitLittle);
  CHECK(chosen(kJpegLs, kExplicitLittle, &decoder) == "none");
  CHECK(chosen(kExplicitLittle, kJpegLs, nullptr) == "none");
}

TEST_CASE("Media types and transfer syntaxes belong together as PS3.18 says") {
  CHECK(media_type_of("1.2.840.10008.1.2.4.91") == "image/jp2");
  CHECK(media_type_of("1.2.840.10008.1.2.4.203") == "image/jphc");
  CHECK(media_type_of("1.2.840.10008.1.2.5") == "image/dicom-rle");
  CHECK(media_type_of(kExplicitLittle).empty());
  CHECK(default_transfer_syntax("image/jpeg") == "1.2.840.10008.1.2.4.70");
  CHECK(default_transfer_syntax("image/jls") == kJpegLs);
  CHECK(default_transfer_syntax("application/octet-stream") == kExplicitLittle);
  CHECK(default_transfer_syntax("image/gif").empty());
  CHECK(is_video("1.2.840.10008.1.2.4.100"));
  CHECK_FALSE(is_video(kJpegLs));
}
