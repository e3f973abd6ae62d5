#include "fermata/testing/blob_store_conformance.hpp"

#include "fermata/testing/memory_blob_store.hpp"
#include "filesystem_blob_store.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;

template <DurabilityChoice kChoice>
struct InFolder {
  std::unique_ptr<BlobStore> open() {
    return std::make_unique<FilesystemBlobStore>(StoreSettings{folder.path() / "blobs", kChoice, 0});
  }
  static constexpr bool kKeepsContent = true;
  TemporaryFolder folder;
};
using FilesystemStrict = InFolder<DurabilityChoice::strict>;
using FilesystemOrdered = InFolder<DurabilityChoice::ordered>;

struct Memory {
  std::unique_ptr<BlobStore> open() { return std::make_unique<testing::MemoryBlobStore>(); }
  static constexpr bool kKeepsContent = false;
};

FERMATA_BLOB_STORE_CONFORMANCE(FilesystemStrict)
FERMATA_BLOB_STORE_CONFORMANCE(FilesystemOrdered)
FERMATA_BLOB_STORE_CONFORMANCE(Memory)

}  // namespace
