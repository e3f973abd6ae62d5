#pragma once
#include <string>

#include "fermata/error.hpp"

namespace fermata::storage_filesystem {

/// What the operating system's `number` (errno) means to a user of the store: full is no_space, anything else io.
/// `what` continues the sentence "cannot …", as in "write /data/incoming/00000001".
Error system_error(int number, const std::string& what);

}  // namespace fermata::storage_filesystem
