#include "frame_codecs.hpp"

#include <dcmtk/config/osconfig.h>

#include <map>
#include <memory>
#include <utility>

#include <dcmtk/dcmdata/dcrlecce.h>
#include <dcmtk/dcmdata/dcrlecp.h>
#include <dcmtk/dcmdata/dcrlerp.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdecbas.h>
#include <dcmtk/dcmjpeg/djdecext.h>
#include <dcmtk/dcmjpeg/djdeclol.h>
#include <dcmtk/dcmjpeg/djdecpro.h>
#include <dcmtk/dcmjpeg/djdecsps.h>
#include <dcmtk/dcmjpeg/djdecsv1.h>
#include <dcmtk/dcmjpeg/djencsv1.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpls/djcodecd.h>
#include <dcmtk/dcmjpls/djcodece.h>
#include <dcmtk/dcmjpls/djcparam.h>
#include <dcmtk/dcmjpls/djrparam.h>

#include "dcmtk_codec.hpp"
#include "fermata/dicom/transfer_syntax.hpp"
#include "htj2k_encoder.hpp"
#include "jpeg2000_codec.hpp"
#include "rle_decoder.hpp"

namespace fermata::codecs {
namespace {

using namespace dicom::transfer_syntax;

using Decoders = std::map<std::string_view, std::unique_ptr<FrameDecoder>, std::less<>>;
using Encoders = std::map<std::string_view, std::unique_ptr<FrameEncoder>, std::less<>>;

template <class Codec>
std::unique_ptr<FrameDecoder> jpeg(DcmtkStream stream) {
  const auto conversion = stream == DcmtkStream::lossy_jpeg ? EDC_photometricInterpretation : EDC_never;
  return std::make_unique<DcmtkDecoder>(
      stream, std::make_unique<Codec>(),
      std::make_unique<DJCodecParameter>(ECC_lossyYCbCr, conversion, EUC_never, EPC_colorByPixel));
}

template <class Codec>
std::unique_ptr<FrameDecoder> jpeg_ls() {
  return std::make_unique<DcmtkDecoder>(DcmtkStream::jpeg_ls, std::make_unique<Codec>(),
                                        std::make_unique<DJLSCodecParameter>(EJLSUC_never, EJLSPC_colorByPixel));
}

Decoders make_decoders() {
  Decoders all;
  all[kJpegBaseline] = jpeg<DJDecoderBaseline>(DcmtkStream::lossy_jpeg);
  all[kJpegExtended] = jpeg<DJDecoderExtended>(DcmtkStream::lossy_jpeg);
  all[kJpegSpectralSelection] = jpeg<DJDecoderSpectralSelection>(DcmtkStream::lossy_jpeg);
  all[kJpegProgressive] = jpeg<DJDecoderProgressive>(DcmtkStream::lossy_jpeg);
  all[kJpegLossless] = jpeg<DJDecoderLossless>(DcmtkStream::jpeg);
  all[kJpegLosslessSv1] = jpeg<DJDecoderP14SV1>(DcmtkStream::jpeg);
  all[kJpegLsLossless] = jpeg_ls<DJLSLosslessDecoder>();
  all[kJpegLsNearLossless] = jpeg_ls<DJLSNearLosslessDecoder>();
  all[kRleLossless] = std::make_unique<RleDecoder>();
  for (const auto uid : {kJpeg2000Lossless, kJpeg2000, kJpeg2000Part2Lossless, kJpeg2000Part2, kHtj2kLossless,
                         kHtj2kLosslessRpcl, kHtj2k})
    all[uid] = std::make_unique<Jpeg2000Decoder>();
  return all;
}

Encoders make_encoders() {
  constexpr uint32_t kJpegBits = 16;
  constexpr uint32_t kRleBits = 32;
  Encoders all;
  for (const auto uid : {kJpegLossless, kJpegLosslessSv1})
    all[uid] = std::make_unique<DcmtkEncoder>(
        std::make_unique<DJEncoderP14SV1>(),
        std::make_unique<DJCodecParameter>(ECC_lossyRGB, EDC_never, EUC_never, EPC_default),
        std::make_unique<DJ_RPLossless>(), kJpegBits);
  constexpr bool kWithoutImageProcessing = false;
  all[kJpegLsLossless] = std::make_unique<DcmtkEncoder>(
      std::make_unique<DJLSLosslessEncoder>(), std::make_unique<DJLSCodecParameter>(OFBool(kWithoutImageProcessing)),
      std::make_unique<DJLSRepresentationParameter>(Uint16{0}, OFTrue), kJpegBits);
  all[kRleLossless] =
      std::make_unique<DcmtkEncoder>(std::make_unique<DcmRLECodecEncoder>(), std::make_unique<DcmRLECodecParameter>(),
                                     std::make_unique<DcmRLERepresentationParameter>(), kRleBits);
  for (const auto uid : {kJpeg2000Lossless, kJpeg2000}) all[uid] = std::make_unique<Jpeg2000Encoder>();
  for (const auto uid : {kHtj2kLossless, kHtj2kLosslessRpcl, kHtj2k}) all[uid] = std::make_unique<Htj2kEncoder>();
  return all;
}

template <class Codecs>
auto* find(const Codecs& codecs, std::string_view uid) {
  const auto found = codecs.find(uid);
  return found == codecs.end() ? nullptr : found->second.get();
}

}  // namespace

const FrameDecoder* frame_decoder(std::string_view uid) {
  static const Decoders all = make_decoders();
  return find(all, uid);
}

const FrameEncoder* frame_encoder(std::string_view uid) {
  static const Encoders all = make_encoders();
  return find(all, uid);
}

bool is_kind_of(std::string_view from, std::string_view to) {
  constexpr std::pair<std::string_view, std::string_view> kKinds[] = {
      {kJpegLosslessSv1, kJpegLossless}, {kJpeg2000Lossless, kJpeg2000}, {kHtj2kLosslessRpcl, kHtj2kLossless},
      {kHtj2kLosslessRpcl, kHtj2k},      {kHtj2kLossless, kHtj2k},       {kJpeg2000Part2Lossless, kJpeg2000Part2},
  };
  if (from == to) return true;
  for (const auto& [kind, of] : kKinds)
    if (from == kind && to == of) return true;
  return false;
}

}  // namespace fermata::codecs
