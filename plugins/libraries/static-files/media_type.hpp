#pragma once
#include <string_view>

namespace fermata::static_files {

/// What a browser has to be told of a file, by the end of its name. A script or module of another type would not be
/// run.
std::string_view media_type(std::string_view file_name);

}  // namespace fermata::static_files
