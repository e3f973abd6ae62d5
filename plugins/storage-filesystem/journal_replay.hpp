#pragma once
#include <cstddef>

#include "directory_tree.hpp"
#include "durability.hpp"
#include "root_folder.hpp"

namespace fermata::storage_filesystem {

/// Does again, durably, what the records in `root`'s journal say, and leaves the journal empty: afterwards every blob
/// in it is a whole file, and those removed are gone. To be called before anything else uses the store.
///
/// The files are written anew even where they look right: the system may have failed to write them to the disk, and
/// would not say so twice. Returns how many. **Errors**: no_space, io; then everything can be done again.
std::size_t replay_journal(const RootFolder& root, DirectoryTree& objects, Durability& durability);

}  // namespace fermata::storage_filesystem
