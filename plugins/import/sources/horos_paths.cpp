#include "sources/horos_paths.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace fermata::imports {
namespace fs = std::filesystem;

/// The first folder's name is the size of all.
HorosPaths::HorosPaths(fs::path data_folder) : database_(std::move(data_folder) / "DATABASE.noindex") {
  std::error_code error;
  int64_t smallest = 0;
  if (fs::exists(database_ / std::to_string(size_), error)) return;
  for (const auto& entry : fs::directory_iterator(database_, error)) {
    const auto name = entry.path().filename().native();
    int64_t number = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failure == std::errc() && end == name.data() + name.size() && number > 0 &&
        (smallest == 0 || number < smallest))
      smallest = number;
  }
  // A database whose first files are gone begins with a later folder of the usual size.
  if (smallest != 0 && smallest % size_ != 0) size_ = smallest;
}

/// Unsigned: whatever number a database has, the next multiple is one.
std::string HorosPaths::folder_of(int64_t number) const {
  const auto size = static_cast<uint64_t>(size_);
  return std::to_string((static_cast<uint64_t>(std::max<int64_t>(number, 0)) / size + 1) * size);
}

fs::path HorosPaths::numbered(int64_t number) const {
  return database_ / folder_of(number) / (std::to_string(number) + ".dcm");
}

fs::path HorosPaths::named(const std::string& name) const {
  if (is_linked(name)) return name;
  return database_ / folder_of(std::atoll(name.c_str())) / name;
}

std::string unpacked_uid(const std::string& packed) {
  std::string uid;
  for (const char c : packed) {
    const unsigned byte = static_cast<unsigned char>(c);
    for (const unsigned half : {byte >> 4U, byte & 15U}) {
      if (half == 0 || half > 11) return uid;
      uid += half == 11 ? '.' : static_cast<char>('0' + half - 1);
    }
  }
  return uid;
}

}  // namespace fermata::imports
