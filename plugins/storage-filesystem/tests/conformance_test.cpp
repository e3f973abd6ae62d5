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
  explicit InFolder(DurabilityChoice durability, uint64_t journal_up_to = 0) {
    settings_.durability = durability;
    settings_.reserve = 0;
    settings_.journal.largest = journal_up_to;
    settings_.journal.on_any_file_system = true;
    settings_.journal.segments = 2;  // small ones, so that they are settled all the time
    settings_.journal.segment_bytes = 128 << 10;
  }
  BlobStore& store() override {
    settings_.root = folder_.path() / "blobs";
    if (!store_) store_.emplace(settings_);
    return *store_;
  }
  bool reopen() override {
    store_.reset();
    return true;
  }
  bool may_be_killed() const override { return true; }

 private:
  StoreSettings settings_;
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
FERMATA_BLOB_STORE_CONFORMANCE("storage-filesystem, strict with a journal",
                               std::make_unique<InFolder>(DurabilityChoice::strict, 32 << 10))
FERMATA_BLOB_STORE_CONFORMANCE("storage-filesystem, ordered with a journal",
                               std::make_unique<InFolder>(DurabilityChoice::ordered, 32 << 10))
FERMATA_BLOB_STORE_CONFORMANCE("the blob store in memory", std::make_unique<InMemory>())

}  // namespace
