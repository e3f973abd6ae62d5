#pragma once
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "composed_object.hpp"
#include "fermata/dicom/data_set_writer.hpp"
#include "fermata/index.hpp"
#include "pixel_description.hpp"

namespace fermata::codecs::testing {

using Bytes = std::vector<std::byte>;

/// How pixels are to look that nobody has taken.
struct Look {
  uint32_t rows = 67;
  uint32_t columns = 93;
  uint32_t samples = 1;
  uint32_t bits_allocated = 16;
  uint32_t bits_stored = 12;
  bool is_signed = false;
  uint64_t frames = 1;
  const char* photometric = nullptr;

  PixelDescription description() const {
    PixelDescription d;
    d.rows = rows;
    d.columns = columns;
    d.samples = samples;
    d.bits_allocated = bits_allocated;
    d.bits_stored = bits_stored;
    d.high_bit = bits_stored - 1;
    d.is_signed = is_signed;
    d.frames = frames;
    d.photometric_interpretation = photometric != nullptr ? photometric : samples == 3 ? "RGB" : "MONOCHROME2";
    return d;
  }
};

/// A frame with smooth parts, edges, noise and the extremes of its range; another one for every `seed`.
inline Bytes sample_frame(const PixelDescription& d, unsigned seed = 1) {
  std::mt19937 random(seed);
  Bytes frame(static_cast<std::size_t>(d.frame_bytes()));
  if (d.bits_allocated == 1) {
    for (auto& byte : frame) byte = static_cast<std::byte>(random() % 3 == 0 ? random() : 0xff);
    if (const auto used = d.frame_bits() % 8; used != 0) frame.back() &= std::byte((1u << used) - 1);
    return frame;
  }
  const std::size_t cell = d.bits_allocated / 8;
  const uint32_t mask = d.bits_stored == 32 ? 0xffffffff : (1u << d.bits_stored) - 1;
  for (std::size_t i = 0; i < frame.size() / cell; ++i) {
    uint32_t value = static_cast<uint32_t>(i * seed) >> 3;
    if (i % 11 == 0) value = random();
    if (i % 1009 == 0) value = 0;
    if (i % 1013 == 0) value = mask;
    if (i / 200 % 5 == 4) value = mask >> 1;
    value &= mask;
    if (d.is_signed && (value >> (d.bits_stored - 1)) != 0) value |= ~mask;
    std::memcpy(frame.data() + i * cell, &value, cell);
  }
  return frame;
}

inline void add_description(dicom::DataSetWriter& w, const PixelDescription& d) {
  using dicom::Tag;
  w.add_u16(Tag(0x0028, 0x0002), static_cast<uint16_t>(d.samples));
  w.add(Tag(0x0028, 0x0004), "CS", std::string_view(d.photometric_interpretation));
  if (d.samples > 1) w.add_u16(Tag(0x0028, 0x0006), d.planar ? 1 : 0);
  if (d.frames > 1) w.add(Tag(0x0028, 0x0008), "IS", std::to_string(d.frames));
  w.add_u16(Tag(0x0028, 0x0010), static_cast<uint16_t>(d.rows));
  w.add_u16(Tag(0x0028, 0x0011), static_cast<uint16_t>(d.columns));
  w.add_u16(Tag(0x0028, 0x0100), static_cast<uint16_t>(d.bits_allocated));
  w.add_u16(Tag(0x0028, 0x0101), static_cast<uint16_t>(d.bits_stored));
  w.add_u16(Tag(0x0028, 0x0102), static_cast<uint16_t>(d.high_bit));
  w.add_u16(Tag(0x0028, 0x0103), d.is_signed ? 1 : 0);
}

/// Everything before the pixel data.
inline Bytes sample_header(const PixelDescription& d) {
  dicom::DataSetWriter w;
  w.add(dicom::kSopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.7");
  w.add(dicom::kPatientName, "PN", "Doe^Jane");
  add_description(w, d);
  return w.take();
}

/// An object in Explicit VR Little Endian.
inline Bytes sample_object(const PixelDescription& d, const Bytes& pixels) {
  dicom::DataSetWriter w;
  w.add_encoded(sample_header(d));
  w.add(dicom::kPixelData, d.bits_allocated > 8 ? dicom::Vr("OW") : dicom::Vr("OB"), pixels);
  w.add(dicom::Tag(0xfffc, 0xfffc), "OB", std::string_view("after", 6));
  return w.take();
}

/// Fragments, with whatever stands in the Basic Offset Table.
class Fragments {
 public:
  explicit Fragments(const std::vector<uint32_t>& table = {}) {
    Bytes bytes(table.size() * 4);
    if (!table.empty()) std::memcpy(bytes.data(), table.data(), bytes.size());
    add(bytes);
  }
  Fragments& add(const Bytes& bytes) {
    item(0xe000, bytes.size());
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Bytes end() {
    item(0xe0dd, 0);
    return bytes_;
  }
  Bytes cut() const { return bytes_; }

 private:
  void item(unsigned element, std::size_t length) {
    for (const auto byte : {0xfeu, 0xffu, element & 0xff, element >> 8}) bytes_.push_back(std::byte(byte));
    for (unsigned i = 0; i < 4; ++i) bytes_.push_back(static_cast<std::byte>(length >> (8 * i) & 0xff));
  }
  Bytes bytes_;
};

/// An object as the archive hands it out: bytes, and a record that says where the pixel data is.
struct SampleInstance {
  Bytes header;
  Bytes bytes;
  std::string transfer_syntax;
  std::vector<BulkValue> bulk;

  static SampleInstance native(const PixelDescription& d, const Bytes& pixels, dicom::Tag tag = dicom::kPixelData) {
    SampleInstance s{sample_header(d), sample_header(d), "1.2.840.10008.1.2.1", {}};
    s.bytes.resize(s.bytes.size() + 12);
    s.bulk.push_back({tag.value, {'O', 'W'}, {}, s.bytes.size(), pixels.size()});
    s.bytes.insert(s.bytes.end(), pixels.begin(), pixels.end());
    return s;
  }
  static SampleInstance encapsulated(const PixelDescription& d, const Bytes& value, std::string transfer_syntax) {
    auto s = native(d, value);
    s.transfer_syntax = std::move(transfer_syntax);
    s.bulk.back().length = UINT64_MAX;
    return s;
  }
  InstanceRecord record() const {
    InstanceRecord r;
    r.header = header;
    r.transfer_syntax_uid = transfer_syntax;
    r.bulk = bulk;
    return r;
  }
  std::unique_ptr<ObjectReader> object() const { return std::make_unique<BytesObject>(bytes); }
};

}  // namespace fermata::codecs::testing
