#pragma once
#include <memory>
#include <optional>
#include <string>

#include "data-set/data_set_scanner.hpp"
#include "fermata/checksum.hpp"
#include "ingest/ingest.hpp"
#include "ingest/store_operation.hpp"

namespace fermata::archive {

/// Takes an awaited object in: where it is the one whose blob is damaged, its bytes take that blob's place.
///
/// It is the one if its checksum is that of the receipt. Where another archive has encoded the data set anew, it is
/// the one if transfer syntax, header and the lengths of its bulk values are the same. Then the sender hears that the
/// object was here already, and whatever hooks think of it is of no account: nothing new comes in. Another one, which
/// may come from anybody meanwhile, is a duplicate like any other.
/// *Used by* ArchiveService. **Thread**: one at a time. **Errors**: none leave it; `finish` reports a refusal.
class RepairOperation final : public StoreOperation, private ScanListener {
 public:
  RepairOperation(Ingest& ingest, const StoreRequest& request, std::shared_ptr<AwaitedObject> awaited);
  ~RepairOperation() override;
  void append(std::span<const std::byte> data) override;
  StoreOutcome finish() override;

 private:
  void begin_bulk(const BulkValue&, std::span<const std::byte>) override {}
  void bulk_bytes(std::span<const std::byte>) override {}
  void begin_padding() override {}
  void header_grows(uint64_t bytes) override { memory_.grow_to(bytes); }

  void open_blob();
  StoredObject received();
  std::string compared(const StoredObject& object) const;
  void replace(const StoredObject& object);
  void refuse(StoreOutcome::Refusal refusal, const std::string& reason);
  template <class Step>
  void guarded(Step step);

  Ingest& ingest_;
  IngestOperation otherwise_;  ///< takes it in as if nothing were awaited
  const std::shared_ptr<AwaitedObject> awaited_;
  HeaderMemory::Share memory_;
  DataSetScanner scanner_;
  StreamingChecksum checksum_;
  uint64_t length_ = 0;  ///< of the data set
  uint64_t data_set_offset_ = 0;
  std::optional<BlobKeys::Lease> lease_;  // outlives the writer
  std::unique_ptr<BlobWriter> writer_;
  StoreOutcome::Refusal refusal_ = StoreOutcome::Refusal::none;
  std::string reason_;
};

}  // namespace fermata::archive
