#include <dcmtk/config/osconfig.h>

#include <catch2/catch.hpp>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcostrmb.h>

#include "archive_fixture.hpp"
#include "data-set/canonical_header.hpp"
#include "data-set/data_set_scanner.hpp"
#include "data-set/header_encoder.hpp"
#include "refusal.hpp"
#include "sample_files.hpp"

using namespace fermata;
using namespace fermata::archive;
using namespace fermata::archive::testing;
using dicom::DataSetView;
using dicom::Tag;
using dicom::Vr;

namespace {

std::vector<std::byte> header_of(const Sample& s) {
  DataSetScanner scanner(s.meta.transfer_syntax_uid, {});
  scanner.feed(s.data_set);
  scanner.finish();
  return canonical_header(scanner.captured(), scanner.encoding().elements).bytes;
}

/// What DCMTK makes of the same file: Explicit VR Little Endian, defined lengths, without group lengths and bulk.
std::vector<std::byte> dcmtk_header_of(const Sample& s) {
  dcmEnableUnknownVRConversion.set(OFTrue);
  DcmFileFormat file;
  if (file.loadFile(s.path.c_str()).bad()) return {};
  auto& data_set = *file.getDataset();
  data_set.loadAllDataIntoMemory();
  for (unsigned long i = data_set.card(); i-- > 0;) {
    auto* element = data_set.getElement(i);
    const bool pixels = is_pixel_data(Tag(element->getGTag(), element->getETag()));
    const DcmVR vr(element->getVR());
    const bool bulk =
        is_binary_bulk(Vr(vr.getValidVRName()[0], vr.getValidVRName()[1])) && element->getLength() > 65536;
    if (pixels || bulk || element->getGTag() == 0xfffc) delete data_set.remove(i);
  }
  std::vector<std::byte> buffer(8 << 20);
  DcmOutputBufferStream stream(buffer.data(), static_cast<offile_off_t>(buffer.size()));
  data_set.transferInit();
  const auto status = data_set.write(stream, EXS_LittleEndianExplicit, EET_ExplicitLength, nullptr, EGL_withoutGL);
  data_set.transferEnd();
  if (status.bad()) return {};
  void* written = nullptr;
  offile_off_t length = 0;
  stream.flushBuffer(written, length);
  buffer.resize(static_cast<std::size_t>(length));
  return buffer;
}

bool text_differs_by_character_set(const dicom::Element& ours, const dicom::Element& theirs) {
  const auto text = theirs.text();
  return ours.vr.is_string() && (!dicom::is_ascii(text) || text.find('\x1b') != std::string_view::npos);
}

std::string differences(DataSetView ours, DataSetView theirs) {
  std::string out;
  const auto name = [](Tag tag) {
    char text[16];
    std::snprintf(text, sizeof text, "(%04x,%04x)", tag.group(), tag.element());
    return std::string(text);
  };
  auto a = ours.begin();
  auto b = theirs.begin();
  while (a != ours.end() || b != theirs.end()) {
    if (b == theirs.end() || (a != ours.end() && a->tag < b->tag)) {
      if (a->tag != dicom::kSpecificCharacterSet) out += "only ours: " + name(a->tag) + "\n";
      ++a;
      continue;
    }
    if (a == ours.end() || b->tag < a->tag) {
      if (b->tag != dicom::kSpecificCharacterSet) out += "only DCMTK's: " + name(b->tag) + "\n";
      ++b;
      continue;
    }
    if (a->tag != dicom::kSpecificCharacterSet) {
      if (!(a->vr == b->vr))
        out += name(a->tag) + ": VR " + a->vr.first() + a->vr.second() + ", DCMTK's " + b->vr.first() + b->vr.second() +
               "\n";
      else if (a->vr == Vr("SQ")) {
        auto x = a->items().begin();
        auto y = b->items().begin();
        for (; x != a->items().end() && y != b->items().end(); ++x, ++y) out += differences(*x, *y);
        if (x != a->items().end() || y != b->items().end()) out += name(a->tag) + ": number of items\n";
      } else if (a->vr.is_string() ? a->text() != b->text()
                                   : !std::equal(a->value.begin(), a->value.end(), b->value.begin(), b->value.end())) {
        if (!text_differs_by_character_set(*a, *b)) out += name(a->tag) + ": value\n";
      }
    }
    ++a;
    ++b;
  }
  return out;
}

std::string name_in(const std::string& file) {
  return std::string(DataSetView(header_of(sample(file))).text(dicom::kPatientName));
}

std::vector<std::byte> header(Bytes elements, Encoding encoding = Encoding::explicit_little) {
  return canonical_header(elements, encoding).bytes;
}

}  // namespace

TEST_CASE("a canonical header says what DCMTK reads") {
  std::size_t compared = 0;
  for (const auto& s : samples()) {
    INFO(s.path);
    std::vector<std::byte> ours;
    try {
      ours = header_of(s);
    } catch (const Refused&) {
      continue;  // whether that is right is the store test's matter
    }
    const auto theirs = dcmtk_header_of(s);
    if (theirs.empty()) continue;
    ++compared;
    CHECK(differences(DataSetView(ours), DataSetView(theirs)) == "");
  }
  if (!samples().empty()) CHECK(compared > 170);
}

TEST_CASE("a canonical header is its own canonical header, through every encoding") {
  for (const auto& s : samples()) {
    INFO(s.path);
    try {
      const auto ours = header_of(s);
      CHECK(header(ours) == ours);
      CHECK(header(encode_header(ours, Encoding::explicit_big), Encoding::explicit_big) == ours);
    } catch (const Refused&) {
    }
  }
}

TEST_CASE("names in every character set become UTF-8") {
  if (samples().empty()) {
    WARN("pydicom's data folder is not installed: nothing to decode");
    return;
  }
  CHECK(name_in("chrArab.dcm") == "قباني^لنزار");
  CHECK(name_in("chrFren.dcm") == "Buc^Jérôme");
  CHECK(name_in("chrFrenMulti.dcm") == "Buc^Jérôme");
  CHECK(name_in("chrGerm.dcm") == "Äneas^Rüdiger");
  CHECK(name_in("chrGreek.dcm") == "Διονυσιος");
  CHECK(name_in("chrH31.dcm") == "Yamada^Tarou=山田^太郎=やまだ^たろう");
  CHECK(name_in("chrH32.dcm") == "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
  CHECK(name_in("chrHbrw.dcm") == "שרון^דבורה");
  CHECK(name_in("chrI2.dcm") == "Hong^Gildong=洪^吉洞=홍^길동");
  CHECK(name_in("chrJapMulti.dcm") == "やまだ^たろう");
  CHECK(name_in("chrJapMultiExplicitIR6.dcm") == "やまだ^たろう");
  CHECK(name_in("chrKoreanMulti.dcm") == "김희중");
  CHECK(name_in("chrRuss.dcm") == "Люкceмбypг");
  CHECK(name_in("chrX1.dcm") == "Wang^XiaoDong=王^小東=");
  CHECK(name_in("chrX2.dcm") == "Wang^XiaoDong=王^小东=");
}

TEST_CASE("items have their own character set, or that of the data set around them") {
  if (samples().empty()) return;
  for (const char* file : {"chrSQEncoding.dcm", "chrSQEncoding1.dcm"}) {
    INFO(file);
    const auto bytes = header_of(sample(file));
    const auto sequence = DataSetView(bytes).find(Tag(0x0032, 0x1064)).value();
    const auto item = *sequence.items().begin();
    CHECK(item.text(dicom::kPatientName) == "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう");
    CHECK_FALSE(item.find(dicom::kSpecificCharacterSet));
    CHECK(DataSetView(bytes).text(dicom::kSpecificCharacterSet) == "ISO_IR 192");
  }
}

TEST_CASE("the character set is declared where text is not ASCII, and only once") {
  Object object;
  CHECK_FALSE(DataSetView(header(object.encode())).find(dicom::kSpecificCharacterSet));
  object.patient_name = "M\xfcller";
  const auto undeclared = header(object.encode());
  CHECK(DataSetView(undeclared).text(dicom::kPatientName) == "Müller");
  CHECK(DataSetView(undeclared).text(dicom::kSpecificCharacterSet) == "ISO_IR 192");
  object.patient_name = "Doe";
  object.character_set = "ISO_IR 100";
  CHECK(DataSetView(header(object.encode())).text(dicom::kSpecificCharacterSet) == "ISO_IR 192");
}

TEST_CASE("elements come out in ascending order, the first of two alike, without group lengths") {
  dicom::DataSetWriter w;
  w.add(dicom::kPatientId, "LO", "A");
  w.add_u32(Tag(0x0008, 0x0000), 4);
  w.add(dicom::kModality, "CS", "OT");
  w.add(dicom::kPatientId, "LO", "B");
  const auto bytes = header(w.bytes());
  dicom::DataSetWriter expected;
  expected.add(dicom::kModality, "CS", "OT");
  expected.add(dicom::kPatientId, "LO", "A");
  CHECK(Bytes(bytes).size() == expected.bytes().size());
  CHECK(std::equal(bytes.begin(), bytes.end(), expected.bytes().begin(), expected.bytes().end()));
}

TEST_CASE("implicit values too long for their Value Representation are UN") {
  std::vector<std::byte> implicit;
  for (const int b : {0x06, 0x30, 0x50, 0x00, 0x72, 0x11, 0x01, 0x00}) implicit.push_back(static_cast<std::byte>(b));
  implicit.resize(8 + 70002, std::byte{'1'});
  const auto bytes = header(implicit, Encoding::implicit_little);
  const auto element = *DataSetView(bytes).begin();
  CHECK(element.vr == Vr("UN"));
  CHECK(element.value.size() == 70002);
}

TEST_CASE("values encoded as UN get the Value Representation of the dictionary, if they fit") {
  dicom::DataSetWriter w;
  w.add(dicom::kModality, "UN", "OT");
  w.add(Tag(0x0008, 0x1140), "UN", std::string("no sequence!"));
  w.add(dicom::kPatientId, "UN", "P1");
  const auto bytes = header(w.bytes());
  CHECK(DataSetView(bytes).find(dicom::kModality)->vr == Vr("CS"));
  CHECK(DataSetView(bytes).find(Tag(0x0008, 0x1140))->vr == Vr("UN"));
  CHECK(DataSetView(bytes).find(dicom::kPatientId)->vr == Vr("LO"));
}

TEST_CASE("encapsulated values within sequences keep their fragments through every encoding") {
  std::vector<std::byte> data;
  for (const int b : {0x88, 0x00, 0x00, 0x02, 0x53, 0x51, 0,    0,    0xff, 0xff, 0xff, 0xff,  //
                      0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff,                          //
                      0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0,    0,    0xff, 0xff, 0xff, 0xff,  //
                      0xfe, 0xff, 0x00, 0xe0, 0,    0,    0,    0,                             //
                      0xfe, 0xff, 0x00, 0xe0, 2,    0,    0,    0,    1,    2,                 //
                      0xfe, 0xff, 0xdd, 0xe0, 0,    0,    0,    0,                             //
                      0xfe, 0xff, 0x0d, 0xe0, 0,    0,    0,    0,                             //
                      0xfe, 0xff, 0xdd, 0xe0, 0,    0,    0,    0})
    data.push_back(static_cast<std::byte>(b));
  const auto bytes = header(data);
  const auto icon = *DataSetView(bytes).begin()->items().begin();
  CHECK(icon.find(dicom::kPixelData)->value.size() == 18);
  for (const auto encoding : {Encoding::explicit_big, Encoding::implicit_little, Encoding::explicit_little})
    CHECK(header(encode_header(bytes, encoding), encoding) == bytes);
}
