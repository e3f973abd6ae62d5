#pragma once
#include <optional>
#include <string>
#include <vector>

#include "data-set/canonical_header.hpp"
#include "data-set/data_set_scanner.hpp"
#include "fermata/checksum.hpp"
#include "ingest/edited_object.hpp"
#include "ingest/ingest.hpp"
#include "stored_object.hpp"

namespace fermata::archive {

/// Takes one object in, from its first byte to the durable blob and the index record.
///
/// Bytes are held back until the header before the first bulk value is complete. Then the object is identified, the
/// hooks run, and from there on bytes go to the blob as they come. What a hook has changed is encoded anew in the
/// object's transfer syntax (in Explicit VR Little Endian if that was deflated); bulk values pass unchanged in any
/// case.
///
/// *Used by* ArchiveService. **Thread**: one at a time. **Errors**: none leave it; `finish` reports a refusal.
class IngestOperation final : public StoreOperation, private ScanListener {
 public:
  IngestOperation(Ingest& ingest, const StoreRequest& request);
  ~IngestOperation() override;

  void append(std::span<const std::byte> data) override;
  StoreOutcome finish() override;

 private:
  using Bytes = std::span<const std::byte>;

  template <class Step>
  void guarded(Step&& step);
  void refuse(StoreOutcome::Refusal refusal, std::string reason);
  void refuse_without_memory();

  void take(Bytes data);
  void begin_bulk(const BulkValue& value, Bytes header) override;
  void bulk_bytes(Bytes bytes) override;
  void begin_padding() override;
  void header_grows(uint64_t bytes) override;
  CanonicalHeader canonical(Bytes elements) const;
  void make_room_for_header();
  void on_header_complete(dicom::Tag end);
  void compare_with_command() const;
  void run_hooks(dicom::Tag end);
  void adopt_edited(Bytes header);
  bool wants_blob() const;
  void let_go_of_everything();
  void open_blob();
  void write(Bytes bytes);

  void complete();
  void complete_header();
  void tell_hooks();
  StoreOutcome outcome() const;
  void report() const;

  Ingest& ingest_;
  const OwnedRequest request_;
  HeaderMemory::Share memory_;
  DataSetScanner scanner_;
  StreamingChecksum checksum_;

  std::vector<std::byte> received_;  ///< of a deflated data set, until its header is complete
  bool header_complete_ = false;
  std::string character_set_;
  std::size_t header_elements_ = 0;     ///< how many captured bytes the header was made of
  std::optional<EditedObject> edited_;  ///< where a hook has changed something

  std::optional<BlobKeys::Lease> lease_;  // outlives the writer: until then its key is in flight
  std::unique_ptr<BlobWriter> writer_;
  uint64_t written_ = 0;  ///< bytes of the data set
  StoredObject object_;

  StoreOutcome::Kind kind_ = StoreOutcome::Kind::stored;
  StoreOutcome::Refusal refusal_ = StoreOutcome::Refusal::none;
  std::string reason_;
};

}  // namespace fermata::archive
