#include "transcoder.hpp"

#include <dcmtk/config/osconfig.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmdata/dcwcache.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

#include "deflated_object.hpp"
#include "fermata/error.hpp"
#include "recoded_object.hpp"
#include "transfer_syntax.hpp"

namespace fermata::dimse {
namespace {

constexpr std::size_t kPiece = 65536;

E_TransferSyntax dcmtk_syntax(std::string_view uid) { return DcmXfer(std::string(uid).c_str()).getXfer(); }

/// The registry of codecs is one for the process; registering again changes nothing.
void register_decoders() {
  static const bool once = [] {
    DJDecoderRegistration::registerCodecs(EDC_photometricInterpretation, EUC_never, EPC_default);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_restore);
    DcmRLEDecoderRegistration::registerCodecs(OFFalse, OFFalse);
    return true;
  }();
  (void)once;
}

[[noreturn]] void fail(Code code, const char* what, const OFCondition& condition) {
  throw Error(code, std::string(what) + ": " + condition.text());
}

/// Reads an object into a DCMTK data set; with `header_only`, up to the pixel data.
void read(ObjectReader& object, E_TransferSyntax syntax, bool header_only, DcmDataset& into) {
  std::vector<std::byte> piece(kPiece);
  DcmInputBufferStream stream;
  into.transferInit();
  uint64_t at = 0;
  OFCondition condition = EC_StreamNotifyClient;
  while (condition == EC_StreamNotifyClient) {
    const uint64_t count = object.read_at(at, piece);
    at += count;
    stream.setBuffer(piece.data(), static_cast<offile_off_t>(count));
    if (at >= object.length() || count == 0) stream.setEos();
    condition = header_only ? into.readUntilTag(stream, syntax, EGL_noChange, DCM_MaxReadLength, DCM_PixelData)
                            : into.read(stream, syntax, EGL_noChange, DCM_MaxReadLength);
    stream.releaseBuffer();
  }
  into.transferEnd();
  if (condition.bad() && condition != EC_EndOfStream) fail(Code::corrupt, "the object can't be read", condition);
}

/// What the pixel data takes without compression (PS3.3 C.7.6.3).
uint64_t pixel_bytes(DcmDataset& header) {
  Uint16 rows = 0;
  Uint16 columns = 0;
  Uint16 samples = 1;
  Uint16 bits = 8;
  Sint32 frames = 1;
  header.findAndGetUint16(DCM_Rows, rows);
  header.findAndGetUint16(DCM_Columns, columns);
  header.findAndGetUint16(DCM_SamplesPerPixel, samples);
  header.findAndGetUint16(DCM_BitsAllocated, bits);
  header.findAndGetSint32(DCM_NumberOfFrames, frames);
  return uint64_t{rows} * columns * samples * ((bits + 7u) / 8u) * static_cast<uint64_t>(std::max<Sint32>(frames, 1));
}

/// A data set in DCMTK's memory as an object: encoded while it is read from front to back.
class EncodedDataSet : public ObjectReader {
 public:
  EncodedDataSet(std::unique_ptr<DcmDataset> data_set, E_TransferSyntax syntax, std::shared_ptr<void> memory)
      : memory_(std::move(memory)), data_set_(std::move(data_set)), syntax_(syntax), piece_(kPiece) {
    data_set_->computeGroupLengthAndPadding(EGL_withoutGL, EPD_noChange, syntax_, EET_ExplicitLength);
    length_ = data_set_->calcElementLength(syntax_, EET_ExplicitLength);
    restart();
  }

  uint64_t length() override { return length_; }

  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset < piece_begin_) restart();
    std::size_t done = 0;
    while (done < into.size()) {
      const uint64_t at = offset + done;
      if (at >= piece_begin_ + piece_size_) {
        if (!next_piece()) break;
        continue;
      }
      const auto skip = static_cast<std::size_t>(at - piece_begin_);
      const std::size_t count = std::min(piece_size_ - skip, into.size() - done);
      std::memcpy(into.data() + done, piece_.data() + skip, count);
      done += count;
    }
    return done;
  }

 private:
  void restart() {
    data_set_->transferInit();
    piece_begin_ = 0;
    piece_size_ = 0;
    ended_ = false;
  }
  bool next_piece() {
    if (ended_) return false;
    piece_begin_ += piece_size_;
    DcmOutputBufferStream stream(piece_.data(), static_cast<offile_off_t>(piece_.size()));
    const auto condition = data_set_->write(stream, syntax_, EET_ExplicitLength, &cache_, EGL_noChange);
    if (condition.bad() && condition != EC_StreamNotifyClient)
      fail(Code::corrupt, "the decompressed object can't be encoded", condition);
    void* written = nullptr;
    offile_off_t size = 0;
    stream.flushBuffer(written, size);
    piece_size_ = static_cast<std::size_t>(size);
    ended_ = condition.good();
    return piece_size_ > 0;
  }

  std::shared_ptr<void> memory_;
  std::unique_ptr<DcmDataset> data_set_;
  E_TransferSyntax syntax_;
  DcmWriteCache cache_;
  std::vector<std::byte> piece_;
  uint64_t piece_begin_ = 0;
  std::size_t piece_size_ = 0;
  bool ended_ = false;
  uint64_t length_ = 0;
};

}  // namespace

class Transcoder::Share {
 public:
  Share(Transcoder& owner, uint64_t bytes) : owner_(owner), bytes_(bytes) {}
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  ~Share() {
    {
      const std::lock_guard lock(owner_.mutex_);
      owner_.free_ += bytes_;
    }
    owner_.released_.notify_all();
  }

 private:
  Transcoder& owner_;
  uint64_t bytes_;
};

Transcoder::Transcoder(uint64_t memory) : memory_(memory), free_(memory) { register_decoders(); }

bool Transcoder::can(std::string_view from, std::string_view to) const {
  if (from == to) return true;
  if (!uncompressed_encoding(to)) return false;
  if (uncompressed_encoding(from)) return true;
  const auto syntax = dcmtk_syntax(from);
  return syntax != EXS_Unknown && DcmCodecList::canChangeCoding(syntax, EXS_LittleEndianExplicit);
}

std::unique_ptr<ObjectReader> Transcoder::transcode(std::unique_ptr<ObjectReader> object, std::string_view from,
                                                    std::string_view to) {
  if (from == to) return object;
  if (!can(from, to))
    throw Error(Code::unsupported,
                "there is no way from transfer syntax " + std::string(from) + " to " + std::string(to));
  const auto target = *uncompressed_encoding(to);
  const Encoding inflated_target{target.explicit_vr, target.big_endian, false};
  if (const auto source = uncompressed_encoding(from)) {
    if (source->deflated)
      object = std::make_unique<DeflatedObject>(std::move(object), DeflatedObject::Direction::inflate);
    const Encoding inflated_source{source->explicit_vr, source->big_endian, false};
    if (!(inflated_source == inflated_target))
      object = std::make_unique<RecodedObject>(std::move(object), inflated_source, inflated_target);
  } else {
    object = decode(*object, from, target.deflated ? transfer_syntax::kExplicitLittleEndian : to);
  }
  if (target.deflated) object = std::make_unique<DeflatedObject>(std::move(object), DeflatedObject::Direction::deflate);
  return object;
}

std::unique_ptr<ObjectReader> Transcoder::decode(ObjectReader& object, std::string_view from, std::string_view to) {
  const auto syntax = dcmtk_syntax(from);
  const auto target = dcmtk_syntax(to);
  uint64_t needed = object.length();
  {
    DcmDataset header;
    read(object, syntax, true, header);
    needed += pixel_bytes(header);
  }
  auto share = reserve(needed);
  auto data_set = std::make_unique<DcmDataset>();
  read(object, syntax, false, *data_set);
  const auto condition = data_set->chooseRepresentation(target, nullptr);
  if (condition.bad()) fail(Code::corrupt, "the pixel data can't be decompressed", condition);
  if (!data_set->canWriteXfer(target))
    throw Error(Code::unsupported, "the decompressed object has no form in transfer syntax " + std::string(to));
  data_set->removeAllButCurrentRepresentations();
  return std::make_unique<EncodedDataSet>(std::move(data_set), target, std::move(share));
}

std::shared_ptr<Transcoder::Share> Transcoder::reserve(uint64_t bytes) {
  if (bytes > memory_)
    throw Error(Code::unsupported, "decompressing this object takes " + std::to_string(bytes >> 20) +
                                       " MiB, which is more than retrieve.transcoding_memory allows");
  std::unique_lock lock(mutex_);
  released_.wait(lock, [&] { return free_ >= bytes; });
  free_ -= bytes;
  return std::make_shared<Share>(*this, bytes);
}

}  // namespace fermata::dimse
