#pragma once
#include <span>
#include <string>

#include "fermata/blob_store.hpp"

namespace fermata::archive {

/// Removes blobs that may be gone already, some at a time: a file system that trims lets each removal wait for the
/// disk. They are gone for good after the store's next `sync`. Whoever stores or asks meanwhile comes first at the
/// processors: nobody waits for the space.
///
/// **Errors**: those of the store; then any of the blobs may be left.
void remove_blobs(BlobStore& blobs, std::span<const std::string> keys);

}  // namespace fermata::archive
