#include "fermata/testing/blob_store_conformance.hpp"

#include <optional>

#include "fermata/testing/memory_blob_store.hpp"
#include "fermata/testing/temporary_folder.hpp"
#include "filesystem_blob_store.hpp"

namespace {

using namespace fermata;
using namespace fermata::storage_filesystem;
using fermata::testing::TemporaryFolder;

class InFolder final : public testing::BlobStoreSubject {
 public:
  explicit InFolder(DurabilityChoice durability) : durability_(durability) {}
  BlobStore& store() override {
    if (!store_) store_.emplace(StoreSettings{folder_.path() / "blobs", durability_, 0});
    return *store_;
  }
  bool reopen() override {
    store_.reset();
    return true;
  }
  bool may_be_killed() const override { return true; }

 private:
  const DurabilityChoice durability_;
  TemporaryFolder folder_;
  std::optional<FilesystemBlobStore> store_;
};

class InMemory final : public testing::BlobStoreSubject {
 public:
  BlobStore& store() override { return memory_; }

 private:
  testing::MemoryBlobStore memory_{uint64_t{50} << 20};
};

FERMATA_BLOB_STORE_CONFORMANCE("storage-filesystem, strict", std::make_unique<InFolder>(DurabilityChoice::strict))
FERMATA_BLOB_STORE_CONFORMANCE("storage-filesystem, ordered", std::make_unique<InFolder>(DurabilityChoice::ordered))
FERMATA_BLOB_STORE_CONFORMANCE("the blob store in memory", std::make_unique<InMemory>())

}  // namespace
