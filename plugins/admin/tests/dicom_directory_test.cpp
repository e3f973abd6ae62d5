#include "files/dicom_directory.hpp"

#include <catch2/catch.hpp>

#include "fermata/testing/sample_instance.hpp"

namespace fermata::admin {
namespace {

using dicom::DataSetView;
using dicom::Tag;
using fermata::testing::SampleInstance;
namespace attribute = fermata::testing::attribute;

/// Follows the links of a DICOMDIR as a reader does.
class Reader {
 public:
  explicit Reader(std::vector<std::byte> file) : file_(std::move(file)) {
    std::size_t at = 132;
    dicom::Element element;
    while (file_[at] == std::byte{2}) at += DataSetView::parse(std::span(file_).subspan(at), element, 0);
    data_set_ = DataSetView(std::span(file_).subspan(at));
  }
  uint32_t first() const { return data_set_.find(Tag(0x0004, 0x1200))->number<uint32_t>(); }
  DataSetView at(uint32_t offset) const {
    std::span<const std::byte> item;
    DataSetView::parse_item(std::span(file_).subspan(offset), item, 1);
    return DataSetView(item);
  }
  static uint32_t next(DataSetView record) { return record.find(Tag(0x0004, 0x1400))->number<uint32_t>(); }
  static uint32_t lower(DataSetView record) { return record.find(Tag(0x0004, 0x1420))->number<uint32_t>(); }
  /// "PATIENT(STUDY(...))", of this record and those after it.
  std::string tree(uint32_t offset) const {
    std::string text;
    for (; offset != 0; offset = next(at(offset))) {
      if (!text.empty()) text += ' ';
      const auto record = at(offset);
      text += record.text(Tag(0x0004, 0x1430));
      if (lower(record) != 0) text += "(" + tree(lower(record)) + ")";
    }
    return text;
  }

 private:
  const std::vector<std::byte> file_;
  DataSetView data_set_;
};

SampleInstance instance(const std::string& series, const std::string& uid) { return {"1.2", series, uid}; }

}  // namespace

TEST_CASE("the records of a DICOMDIR point to each other") {
  DicomDirectory directory;
  const auto first = instance("1.2.1", "1.2.1.1");
  const auto second = instance("1.2.1", "1.2.1.2");
  const auto third = instance("1.2.2", "1.2.2.1").set(attribute::sop_class_uid, "1.2.840.10008.5.1.4.1.1.88.11");
  directory.add(first.record(), "DICOM\\S0000001\\I0000001");
  directory.add(second.record(), "DICOM\\S0000001\\I0000002");
  directory.add(third.record(), "DICOM\\S0000002\\I0000001");
  const Reader reader(directory.file());
  CHECK(reader.tree(reader.first()) == "PATIENT(STUDY(SERIES(IMAGE IMAGE) SERIES(SR DOCUMENT)))");
  const auto patient = reader.at(reader.first());
  CHECK(patient.text(dicom::kPatientName) == "DOE^JOHN");
  CHECK(patient.text(dicom::kSpecificCharacterSet) == "ISO_IR 192");
  const auto series = reader.at(Reader::lower(reader.at(Reader::lower(patient))));
  CHECK(series.text(dicom::kModality) == "CT");
  CHECK(series.text(dicom::kSeriesNumber) == "1");
  const auto image = reader.at(Reader::next(reader.at(Reader::lower(series))));
  CHECK(image.text(Tag(0x0004, 0x1500)) == "DICOM\\S0000001\\I0000002");
  CHECK(image.text(Tag(0x0004, 0x1511)) == "1.2.1.2");
  CHECK(image.text(Tag(0x0004, 0x1512)) == "1.2.840.10008.1.2.1");
}

TEST_CASE("a DICOMDIR of nothing has no records") {
  const Reader reader(DicomDirectory().file());
  CHECK(reader.first() == 0);
}

TEST_CASE("objects have the record that their class asks for") {
  CHECK(instance_record("1.2.840.10008.5.1.4.1.1.2").name == "IMAGE");
  CHECK(instance_record("1.2.840.10008.5.1.4.1.1.88.59").name == "KEY OBJECT DOC");
  CHECK(instance_record("1.2.840.10008.5.1.4.1.1.88.67").name == "SR DOCUMENT");
  CHECK(instance_record("1.2.840.10008.5.1.4.1.1.104.1").name == "ENCAP DOC");
  CHECK(instance_record("1.2.840.10008.5.1.4.1.1.11.1").name == "PRESENTATION");
  CHECK(instance_record("1.2.840.10008.5.1.4.1.1.66").name == "RAW DATA");
  CHECK(instance_record("1.2.840.10008.5.1.4.1.1.66.4").name == "IMAGE");
}

}  // namespace fermata::admin
