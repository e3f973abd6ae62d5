#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace fermata::imports {

/// Where Horos and OsiriX keep the files that their database names.
///
/// A file has a number; its folder in DATABASE.noindex is called after the next multiple of the folders' size, 10,000
/// unless somebody has set another: 9,999 lies in 10000, 10,000 in 20000. **Thread**: any.
class HorosPaths {
 public:
  explicit HorosPaths(std::filesystem::path data_folder);

  /// "20000/10000.dcm", for a number.
  std::filesystem::path numbered(int64_t number) const;
  /// For a name as the database has it: an absolute path leads elsewhere, every other name begins with a number.
  std::filesystem::path named(const std::string& name) const;
  static bool is_linked(const std::string& name) { return !name.empty() && name.front() == '/'; }

 private:
  std::string folder_of(int64_t number) const;

  const std::filesystem::path database_;
  int64_t size_ = 10'000;
};

/// Horos packs SOP Instance UIDs into half bytes: 1 to 10 are digits, 11 is the dot, 0 the end.
std::string unpacked_uid(const std::string& packed);

}  // namespace fermata::imports
