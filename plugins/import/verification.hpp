#pragma once
#include "fermata/archive.hpp"
#include "file_result.hpp"

namespace fermata::imports {

/// Reads an object back from the archive and compares it with what the report says of its file. **Thread**: any.
///
/// The result is the line itself if all is well. It is `lost` if the object is not there or not whole, and `replaced`
/// if the archive's rules have changed it on its way in. **Errors**: those of the archive but not_found, io and
/// corrupt.
FileResult verified(Archive& archive, FileResult line);

}  // namespace fermata::imports
