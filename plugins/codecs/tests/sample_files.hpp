#pragma once
#include <filesystem>

#include "fermata/testing/part10_file.hpp"

namespace fermata::codecs::testing {

using fermata::testing::Part10File;

/// Where Debian's python3-pydicom keeps its samples; empty if it is not installed.
inline std::filesystem::path pydicom_data() { return FERMATA_PYDICOM_DATA; }

}  // namespace fermata::codecs::testing
