#include "study.hpp"

#include <array>
#include <cstdio>
#include <random>

#include "fermata/dicom/data_set_writer.hpp"

namespace fermata::benchmark {
namespace {

using dicom::DataSetWriter;
using dicom::Tag;
using dicom::Vr;

constexpr uint64_t kMachines = 16;
constexpr uint64_t kDays = 3650;

std::string digits(const char* format, uint64_t number) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), format, static_cast<unsigned long long>(number));
  return text.data();
}

/// Three of forty syllables: as many family names as a large city has, some of them in one another.
std::string name_part(std::mt19937_64& random) {
  static constexpr std::array kSyllables{"ba", "be", "bo", "da", "de", "do", "el", "en", "er", "fa",
                                         "fi", "go", "ha", "he", "in", "ja", "ka", "ke", "ko", "la",
                                         "le", "li", "lo", "ma", "mi", "mo", "na", "ne", "no", "on",
                                         "pa", "ra", "ri", "ro", "sa", "se", "so", "ta", "ti", "wi"};
  std::string s;
  for (int i = 0; i < 3; ++i) s += kSyllables[random() % kSyllables.size()];
  return s;
}

class Header {
 public:
  void add(uint16_t group, uint16_t element, const char (&vr)[3], std::string_view value) {
    writer_.add(Tag(group, element), Vr(vr), value);
  }
  void add_u16(uint16_t group, uint16_t element, uint16_t value) { writer_.add_u16(Tag(group, element), value); }
  std::vector<std::byte> take() { return writer_.take(); }

 private:
  DataSetWriter writer_;
};

void add_image_pixels(Header& h, const Shape& shape) {
  h.add_u16(0x0028, 0x0002, 1);
  h.add(0x0028, 0x0004, "CS", "MONOCHROME2");
  if (shape.frames > 1) h.add(0x0028, 0x0008, "IS", std::to_string(shape.frames));
  h.add_u16(0x0028, 0x0010, static_cast<uint16_t>(shape.side));
  h.add_u16(0x0028, 0x0011, static_cast<uint16_t>(shape.side));
  h.add(0x0028, 0x0030, "DS", "0.683593\\0.683593");
  h.add_u16(0x0028, 0x0100, 16);
  h.add_u16(0x0028, 0x0101, 12);
  h.add_u16(0x0028, 0x0102, 11);
  h.add_u16(0x0028, 0x0103, 0);
  h.add(0x0028, 0x1052, "DS", "-1024");
  h.add(0x0028, 0x1053, "DS", "1");
}

std::vector<std::byte> brief_header(const Study& s, uint64_t image, const Shape& shape) {
  Header h;
  h.add(0x0008, 0x0016, "UI", kCtImageStorage);
  h.add(0x0008, 0x0018, "UI", s.instance_uid(image));
  h.add(0x0008, 0x0020, "DA", s.date);
  h.add(0x0008, 0x0030, "TM", s.time);
  h.add(0x0008, 0x0050, "SH", s.accession);
  h.add(0x0008, 0x0060, "CS", "CT");
  h.add(0x0008, 0x0090, "PN", s.referrer);
  h.add(0x0008, 0x1030, "LO", s.description);
  h.add(0x0010, 0x0010, "PN", s.name);
  h.add(0x0010, 0x0020, "LO", s.patient_id);
  h.add(0x0010, 0x0030, "DA", s.birth_date);
  h.add(0x0010, 0x0040, "CS", s.sex);
  h.add(0x0020, 0x000d, "UI", s.uid);
  h.add(0x0020, 0x000e, "UI", s.series_uid());
  h.add(0x0020, 0x0010, "SH", "1");
  h.add(0x0020, 0x0011, "IS", "1");
  h.add(0x0020, 0x0013, "IS", digits("%06llu", image + 1));
  add_image_pixels(h, shape);
  return h.take();
}

std::vector<std::byte> full_header(const Study& s, uint64_t image, const Shape& shape) {
  const std::string z = digits("%06llu", 100000 + image) + ".625";
  Header h;
  h.add(0x0008, 0x0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SPI");
  h.add(0x0008, 0x0012, "DA", s.date);
  h.add(0x0008, 0x0013, "TM", s.time);
  h.add(0x0008, 0x0016, "UI", kCtImageStorage);
  h.add(0x0008, 0x0018, "UI", s.instance_uid(image));
  for (const uint16_t date : {0x0020, 0x0021, 0x0022, 0x0023}) h.add(0x0008, date, "DA", s.date);
  h.add(0x0008, 0x0030, "TM", s.time);
  h.add(0x0008, 0x0031, "TM", "101111.109000");
  h.add(0x0008, 0x0032, "TM", digits("1011%02llu", 10 + image % 50) + digits(".%06llu", image * 7717 % 999999));
  h.add(0x0008, 0x0050, "SH", s.accession);
  h.add(0x0008, 0x0060, "CS", "CT");
  h.add(0x0008, 0x0070, "LO", "MAKER OF SCANNERS");
  h.add(0x0008, 0x0080, "LO", digits("Hospital %llu", s.number % 5));
  h.add(0x0008, 0x0090, "PN", s.referrer);
  h.add(0x0008, 0x1010, "SH", digits("CT%02llu", s.number % kMachines));
  h.add(0x0008, 0x1030, "LO", s.description);
  h.add(0x0008, 0x103e, "LO", "Thorax 1.0 B70f");
  h.add(0x0008, 0x1090, "LO", "Scanner 64");
  h.add(0x0010, 0x0010, "PN", s.name);
  h.add(0x0010, 0x0020, "LO", s.patient_id);
  h.add(0x0010, 0x0030, "DA", s.birth_date);
  h.add(0x0010, 0x0040, "CS", s.sex);
  h.add(0x0010, 0x1010, "AS", "054Y");
  h.add(0x0018, 0x0015, "CS", "CHEST");
  h.add(0x0018, 0x0050, "DS", "1");
  h.add(0x0018, 0x0060, "DS", "120");
  for (uint16_t i = 0; i < 30; ++i)
    h.add(0x0018, static_cast<uint16_t>(0x1100 + i), "DS", std::to_string(100 + i * 37) + ".125");
  h.add(0x0020, 0x000d, "UI", s.uid);
  h.add(0x0020, 0x000e, "UI", s.series_uid());
  h.add(0x0020, 0x0010, "SH", "1");
  h.add(0x0020, 0x0011, "IS", "1");
  h.add(0x0020, 0x0012, "IS", "3");
  h.add(0x0020, 0x0013, "IS", digits("%06llu", image + 1));
  h.add(0x0020, 0x0032, "DS", "-171.66992187500\\-348.66992187500\\" + z);
  h.add(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0");
  h.add(0x0020, 0x0052, "UI", s.uid + ".52");
  h.add(0x0020, 0x1041, "DS", z);
  add_image_pixels(h, shape);
  for (uint16_t i = 0; i < 40; ++i)
    h.add(0x0029, static_cast<uint16_t>(i == 0 ? 0x0010 : 0x1000 + i), "LO",
          i == 0 ? "MAKER OF SCANNERS" : "PRIVATE VALUE " + std::to_string(i * 7919));
  return h.take();
}

}  // namespace

Study::Study(uint64_t n) : number(n) {
  const uint64_t patient = n / 2;
  std::mt19937_64 random(patient * 7919 + 1);
  family_name = name_part(random);
  name = family_name + "^" + name_part(random);
  patient_id = digits("P%09llu", patient);
  birth_date = digits("%llu0517", 1930 + patient % 80);
  sex = std::string(1, patient % 2 == 0 ? 'F' : 'M');
  uid = digits("1.2.826.0.1.3680043.9.%05llu", 50000 + n % kMachines) + digits(".1%012llu", n);
  accession = digits("A%09llu", n);
  const uint64_t day = n * 2654435761u % kDays;
  date = digits("%04llu", 2014 + day / 365) + digits("%02llu", 1 + day % 365 / 31) + digits("%02llu", 1 + day % 28);
  time = digits("%02llu", 7 + n % 12) + digits("%02llu", n * 7 % 60) + digits("%02llu", n * 11 % 60);
  description = digits("Thorax^Routine %02llu", n % 40);
  referrer = digits("Ref%03llu^Erring", n % 300);
}

std::string Study::instance_uid(uint64_t image) const { return series_uid() + digits(".1%06llu", image); }

std::vector<std::byte> header(const Study& study, uint64_t image, const Shape& shape) {
  return shape.full ? full_header(study, image, shape) : brief_header(study, image, shape);
}

std::vector<std::byte> pixel_data(std::size_t length) {
  std::mt19937_64 random(42);
  std::vector<std::byte> value(length);
  for (auto& byte : value) byte = static_cast<std::byte>(random());
  DataSetWriter writer;
  writer.add(dicom::kPixelData, Vr("OW"), value);
  return writer.take();
}

}  // namespace fermata::benchmark
