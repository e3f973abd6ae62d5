#pragma once
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "file_meta.hpp"

namespace fermata::archive::testing {

/// A blob that is no more than its bytes.
class BytesReader final : public BlobReader {
 public:
  explicit BytesReader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  uint64_t length() override { return bytes_.size(); }
  uint64_t read_at(uint64_t offset, std::span<std::byte> into) override {
    if (offset >= bytes_.size()) return 0;
    const auto part = bytes_.subspan(offset, std::min<std::size_t>(into.size(), bytes_.size() - offset));
    std::copy(part.begin(), part.end(), into.begin());
    return part.size();
  }

 private:
  std::span<const std::byte> bytes_;
};

/// A DICOM file, taken apart.
struct Sample {
  std::string path;
  std::string name;
  FileMeta meta;
  std::vector<std::byte> data_set;
};

inline std::vector<std::byte> read_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const auto bytes = std::as_bytes(std::span(content));
  return {bytes.begin(), bytes.end()};
}

/// Every DICOM file with meta information in pydicom's data folder; none where it is not installed.
inline const std::vector<Sample>& samples() {
  static const auto all = [] {
    std::vector<Sample> found;
    const std::string root = FERMATA_SAMPLE_FILES;
    if (root.empty() || !std::filesystem::exists(root)) return found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (!entry.is_regular_file()) continue;
      const auto bytes = read_bytes(entry.path());
      BytesReader reader(bytes);
      try {
        auto read = read_file_meta(reader);
        found.push_back({entry.path(),
                         entry.path().filename(),
                         std::move(read.meta),
                         {bytes.begin() + static_cast<std::ptrdiff_t>(read.data_set_offset), bytes.end()}});
      } catch (const Error&) {  // no DICOM file, or one without meta information
      }
    }
    std::sort(found.begin(), found.end(), [](const Sample& a, const Sample& b) { return a.path < b.path; });
    return found;
  }();
  return all;
}

inline const Sample& sample(const std::string& name) {
  for (const auto& s : samples())
    if (s.name == name) return s;
  throw Error(Code::not_found, "the sample files have no " + name);
}

}  // namespace fermata::archive::testing
