#include "item_file.hpp"

#include <dcmtk/config/osconfig.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <dcmtk/dcmdata/dcfilefo.h>

#include "fermata/dcmtk.hpp"
#include "item_text.hpp"

namespace fermata::worklist {
namespace {

constexpr std::array<std::string_view, 3> kText{".yaml", ".yml", ".json"};
constexpr std::array<std::string_view, 2> kDicom{".wl", ".dcm"};
constexpr std::uintmax_t kLargest = 4 << 20;

std::string extension(const std::filesystem::path& path) {
  auto text = path.extension().string();
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

bool is_one_of(const auto& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw Error(Code::invalid, std::string("it can't be read: ") + std::strerror(errno));
  return std::move(text).str();
}

std::vector<std::byte> read_dicom(const std::filesystem::path& path) {
  DcmFileFormat file;
  const auto condition = file.loadFile(path.c_str());
  if (condition.bad()) throw Error(Code::invalid, std::string("it is no DICOM data set: ") + condition.text());
  if (file.getDataset()->card() == 0) throw Error(Code::invalid, "it is no DICOM data set, or an empty one");
  return from_dcmtk(*file.getDataset());
}

}  // namespace

bool is_item_file(const std::filesystem::path& path) {
  const auto name = extension(path);
  return is_one_of(kText, name) || is_one_of(kDicom, name);
}

std::vector<std::vector<std::byte>> read_item_file(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw Error(Code::invalid, "it can't be read: " + error.message());
  if (size > kLargest) throw Error(Code::invalid, "it is larger than 4 MiB: split it");
  if (is_one_of(kDicom, extension(path))) return {read_dicom(path)};
  return requests_from_text(read_text(path));
}

}  // namespace fermata::worklist
