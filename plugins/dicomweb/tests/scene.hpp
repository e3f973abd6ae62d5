#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "../../archive/tests/archive_fixture.hpp"
#include "fermata/frame_renderer.hpp"
#include "fermata/transcoder.hpp"
#include "read_services.hpp"
#include "recorded_router.hpp"

namespace fermata::dicomweb::testing {

using dicom::Tag;
using fermata::testing::KeptResponse;
using Bytes = std::vector<std::byte>;

inline Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text.data(), text.size()));
  return {bytes.begin(), bytes.end()};
}
inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// An object to store.
struct Image {
  std::string study = "1.2.3";
  std::string series = "1.2.3.4";
  std::string instance = "1.2.3.4.5";
  std::string sop_class = "1.2.840.10008.5.1.4.1.1.7";
  std::string modality = "CT";
  std::string patient_name = "Doe^Jane";
  std::string study_date = "20240102";
  std::string number = "1";
  std::string frames;
  std::string document;       ///< of (0042,0011)
  std::string document_type;  ///< of (0042,0012)
  std::string pixels = "PIXELS";

  Bytes encode() const {
    dicom::DataSetWriter w;
    w.add(dicom::kSpecificCharacterSet, "CS", "ISO_IR 192");
    w.add(dicom::kSopClassUid, "UI", sop_class);
    w.add(dicom::kSopInstanceUid, "UI", instance);
    w.add(dicom::kStudyDate, "DA", study_date);
    w.add(dicom::kModality, "CS", modality);
    w.add(dicom::kPatientName, "PN", patient_name);
    w.add(dicom::kPatientId, "LO", "4711");
    w.add(dicom::kStudyInstanceUid, "UI", study);
    w.add(dicom::kSeriesInstanceUid, "UI", series);
    w.add(dicom::kInstanceNumber, "IS", number);
    if (!frames.empty()) w.add(Tag(0x0028, 0x0008), "IS", frames);
    w.add_u16(Tag(0x0028, 0x0010), 20);
    w.add_u16(Tag(0x0028, 0x0011), 10);
    if (!document.empty()) {
      w.add(Tag(0x0042, 0x0011), "OB", document);
      w.add(Tag(0x0042, 0x0012), "LO", document_type);
      w.add_u32(Tag(0x0042, 0x0015), static_cast<uint32_t>(document.size()));
    }
    if (!pixels.empty()) w.add(dicom::kPixelData, "OW", bytes_of(pixels));
    return w.take();
  }

  /// Pixel data in fragments: an empty Basic Offset Table, then each of `fragments`.
  Bytes encode_fragments(const std::vector<std::string>& fragments) const {
    Image without = *this;
    without.pixels.clear();
    auto bytes = without.encode();
    const auto put = [&](std::string_view text) {
      const auto more = bytes_of(text);
      bytes.insert(bytes.end(), more.begin(), more.end());
    };
    using namespace std::string_view_literals;
    put("\xe0\x7f\x10\x00OB\0\0\xff\xff\xff\xff"sv);
    put("\xfe\xff\x00\xe0\0\0\0\0"sv);
    for (const auto& fragment : fragments) {
      put("\xfe\xff\x00\xe0"sv);
      put(std::string{static_cast<char>(fragment.size()), '\0', '\0', '\0'});
      put(fragment);
    }
    put("\xfe\xff\xdd\xe0\0\0\0\0"sv);
    return bytes;
  }
};

/// An object in memory.
class BytesObject final : public ObjectReader {
 public:
  explicit BytesObject(Bytes bytes) : bytes_(std::move(bytes)) {}
  uint64_t length() override { return bytes_.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset >= bytes_.size()) return 0;
    const auto part = std::span(bytes_).subspan(offset, std::min<std::size_t>(into.size(), bytes_.size() - offset));
    std::copy(part.begin(), part.end(), into.begin());
    return part.size();
  }

 private:
  const Bytes bytes_;
};

/// Goes the ways it is told to. Its frames say what they are: "frame 2 as 1.2.840.10008.1.2.1".
class ToldTranscoder final : public Transcoder {
 public:
  std::set<std::pair<std::string, std::string>> ways;
  Bytes transcoded = bytes_of("transcoded");
  uint64_t frame_count = 3;
  uint64_t damaged_frame = 0;
  bool able = true;  ///< false: each object turns out to be nothing that can be decoded

  bool can(std::string_view from, std::string_view to) override {
    return ways.contains({std::string(from), std::string(to)});
  }
  std::unique_ptr<ObjectReader> transcode(std::unique_ptr<ObjectReader>, std::string_view from,
                                          std::string_view to) override {
    if (!can(from, to) || !able) throw Error(Code::unsupported, "no way");
    return std::make_unique<BytesObject>(transcoded);
  }
  std::unique_ptr<FrameReader> frames(const InstanceRecord&, std::unique_ptr<ObjectReader>) override {
    if (!able) throw Error(Code::unsupported, "no way");
    return std::make_unique<Frames>(*this);
  }

 private:
  class Frames final : public FrameReader {
   public:
    explicit Frames(ToldTranscoder& transcoder) : transcoder_(transcoder) {}
    uint64_t count() override { return transcoder_.frame_count; }
    std::span<const std::byte> frame(uint64_t number, std::string_view transfer_syntax) override {
      if (number == transcoder_.damaged_frame) throw Error(Code::corrupt, "this frame is damaged");
      frame_ = bytes_of("frame " + std::to_string(number) + " as " + std::string(transfer_syntax));
      return frame_;
    }

   private:
    ToldTranscoder& transcoder_;
    Bytes frame_;
  };
};

/// Its pictures say what was asked for.
class ToldRenderer final : public FrameRenderer {
 public:
  bool able = true;

  std::unique_ptr<RenderedFrame> render(const InstanceRecord& record, std::unique_ptr<ObjectReader>,
                                        const Rendering& r) override {
    if (!able) throw Error(Code::unsupported, "its pixel data is video");
    std::string text =
        std::string(r.media_type) + " of " + std::string(record.sop_instance_uid) + " frame " + std::to_string(r.frame);
    if (r.has_window) text += " window " + std::to_string(r.window_center) + "," + std::to_string(r.window_width);
    if (r.voi != Rendering::Voi::linear) text += r.voi == Rendering::Voi::sigmoid ? " sigmoid" : " exact";
    if (r.viewport_width != 0)
      text += " viewport " + std::to_string(r.viewport_width) + "x" + std::to_string(r.viewport_height);
    if (r.source_width != 0)
      text += " source " + std::to_string(r.source_x) + "," + std::to_string(r.source_y) + "," +
              std::to_string(r.source_width) + "," + std::to_string(r.source_height);
    if (r.quality != 0) text += " quality " + std::to_string(r.quality);
    return std::make_unique<Picture>(bytes_of(text));
  }

 private:
  class Picture final : public RenderedFrame {
   public:
    explicit Picture(Bytes bytes) : bytes_(std::move(bytes)) {}
    std::span<const std::byte> bytes() override { return bytes_; }

   private:
    const Bytes bytes_;
  };
};

/// The part of an answer that is a multipart body.
struct Part {
  std::string content_type;
  std::string location;
  std::string body;
};

inline std::vector<Part> parts_of(const KeptResponse& response) {
  const auto& type = response.headers.at("content-type");
  const auto at = type.find("boundary=\"");
  if (at == std::string::npos) throw Error(Code::invalid, "no multipart: " + type);
  const auto boundary = "--" + type.substr(at + 10, type.find('"', at + 10) - at - 10);
  std::vector<Part> parts;
  const auto& body = response.body;
  if (!body.starts_with(boundary)) throw Error(Code::invalid, "the body does not begin with its boundary");
  for (std::size_t begin = boundary.size();;) {
    if (body.compare(begin, 4, "--\r\n") == 0) {
      if (begin + 4 != body.size()) throw Error(Code::invalid, "something follows the last boundary");
      return parts;
    }
    const auto head_end = body.find("\r\n\r\n", begin);
    const auto end = body.find("\r\n" + boundary, head_end + 4);
    if (end == std::string::npos) throw Error(Code::invalid, "the body has no end");
    const auto head = body.substr(begin, head_end + 2 - begin);
    const auto field = [&](const std::string& name) {
      const auto found = head.find("\r\n" + name + ": ");
      if (found == std::string::npos) return std::string{};
      const auto value = found + name.size() + 4;
      return head.substr(value, head.find("\r\n", value) - value);
    };
    parts.push_back({field("Content-Type"), field("Content-Location"), body.substr(head_end + 4, end - head_end - 4)});
    begin = end + 2 + boundary.size();
  }
}

/// The reading services on an archive in memory, asked by URL.
class Scene {
 public:
  explicit Scene(bool with_codecs = true, uint64_t maximum_results = 100)
      : services(*stores.service, with_codecs ? &transcoder : nullptr, with_codecs ? &renderer : nullptr, dictionary(),
                 Settings{"/dicom-web", "/wado", maximum_results}, Journal{}),
        routes(router, "/dicom-web"),
        wado_uri_routes(router, "/wado") {
    services.add_to(routes);
    services.add_wado_uri_to(wado_uri_routes);
  }

  void store(const Image& image, std::string_view transfer_syntax = "1.2.840.10008.1.2.1") {
    store(image.encode(), transfer_syntax);
  }
  void store(const Bytes& bytes, std::string_view transfer_syntax) {
    const auto result = archive::testing::store(*stores.service, bytes, transfer_syntax);
    if (result.kind != StoreOutcome::Kind::stored) throw Error(Code::invalid, "not stored: " + result.reason);
  }

  KeptResponse get(const std::string& url, const std::string& accept = "",
                   std::map<std::string, std::string, std::less<>> headers = {}) const {
    fermata::testing::GivenRequest request;
    request.headers = std::move(headers);
    if (!accept.empty()) request.headers["accept"] = accept;
    return router.call("GET", url, std::move(request));
  }
  KeptResponse study(const std::string& below, const std::string& accept = "") const {
    return get("/dicom-web/studies/1.2.3" + below, accept);
  }
  KeptResponse instance(const std::string& below, const std::string& accept = "") const {
    return study("/series/1.2.3.4/instances/1.2.3.4.5" + below, accept);
  }

  static const AttributeDictionary& dictionary() {
    static const AttributeDictionary the_one;
    return the_one;
  }

  archive::testing::Fixture stores;
  ToldTranscoder transcoder;
  ToldRenderer renderer;
  ReadServices services;
  RecordedRouter router;
  Routes routes;
  Routes wado_uri_routes;
};

}  // namespace fermata::dicomweb::testing
