#pragma once
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fermata/dicom/data_set_view.hpp"

namespace fermata::testing {

/// A DICOM file (PS3.10 7.1), its data set apart from the file meta information. **Errors**: corrupt.
struct Part10File {
  std::string transfer_syntax;
  std::string sop_class;
  std::string sop_instance;
  std::vector<std::byte> data_set;

  static Part10File read(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(stream), {}};
    const auto bytes = std::as_bytes(std::span(all));
    if (all.size() < 140 || all.compare(128, 4, "DICM") != 0) throw Error(Code::corrupt, "no Part 10 file");
    Part10File file;
    std::size_t at = 132;
    for (;;) {
      dicom::Element element;
      if (bytes.size() - at < 8 || bytes[at] != std::byte{2} || bytes[at + 1] != std::byte{0}) break;
      at += dicom::DataSetView::parse(bytes.subspan(at), element, 0);
      if (element.tag == dicom::Tag(0x0002, 0x0002)) file.sop_class = element.text();
      if (element.tag == dicom::Tag(0x0002, 0x0003)) file.sop_instance = element.text();
      if (element.tag == dicom::Tag(0x0002, 0x0010)) file.transfer_syntax = element.text();
    }
    file.data_set.assign(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end());
    return file;
  }
};

}  // namespace fermata::testing
