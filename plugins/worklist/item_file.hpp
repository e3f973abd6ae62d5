#pragma once
#include <cstddef>
#include <filesystem>
#include <vector>

namespace fermata::worklist {

/// By its name: .yaml, .yml, .json, .wl, .dcm, in upper or lower case.
bool is_item_file(const std::filesystem::path& path);

/// The requests in a file, as data sets in UTF-8: text as in item_text.hpp, or one DICOM data set, with or without File
/// Meta Information, as DCMTK's wlmscpfs takes it. **Errors**: Error invalid.
std::vector<std::vector<std::byte>> read_item_file(const std::filesystem::path& path);

}  // namespace fermata::worklist
