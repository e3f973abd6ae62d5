#pragma once
#include <functional>
#include <string>

#include "fermata/blob_store.hpp"
#include "fermata/command.hpp"
#include "fermata/index.hpp"
#include "ingest/ingest.hpp"
#include "settings.hpp"
#include "stored_object.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

struct VerifyReport {
  uint64_t instances = 0;
  uint64_t bytes = 0;
  uint64_t problems = 0;
  uint64_t trashed = 0;  ///< blobs that the index need not know
};

/// What makes a blob another one than its record says, in words; empty if nothing does.
std::string difference(const StoredObject& stored, const InstanceRecord& record);

/// Reads every stored object again and compares it with the index; changes nothing.
///
/// Found are: blobs that are missing, or whose checksum, length, UIDs, transfer syntax or header differ from the
/// record, and blobs that neither the index nor the trash knows. What comes, changes or goes meanwhile is no problem.
/// **Thread**: one at a time. **Ownership**: borrows; `ingest` is that of the archive that serves, if it may.
class Verification {
 public:
  /// Called for each problem: the blob's key and what is wrong with it.
  using Problem = std::function<void(std::string_view blob_key, std::string_view what)>;
  using Progress = std::function<void(const VerifyReport&)>;

  Verification(BlobStore& blobs, Index& index, StateStore& state, const ScanLimits& limits,
               const Ingest* ingest = nullptr)
      : blobs_(blobs), index_(index), trash_(state), limits_(limits), ingest_(ingest) {}
  VerifyReport run(const Problem& problem, const Progress& progress);

 private:
  std::string check(const InstanceRecord& record);
  std::string check_now(const InstanceRecord& record);
  std::string check_known(std::string_view key, const std::string& end);
  std::string check_trashed(const std::string& key, TrashRecord::State state);
  bool is_elsewhere(const std::string& key);

  BlobStore& blobs_;
  Index& index_;
  TrashRecords trash_;
  TrashedBlobs trashed_;
  const ScanLimits limits_;
  const Ingest* const ingest_;
};

/// `fermata verify`: problems on standard output, one a line; exit code 1 if there are any.
/// **Thread**, **Errors**: see Command.
class VerifyCommand final : public Command {
 public:
  VerifyCommand(const Ingest& ingest, StateStore& state) : ingest_(ingest), state_(state) {}
  std::string_view name() override { return "verify"; }
  std::string_view summary() override { return "Read every stored object and compare it with the index"; }
  std::string_view usage() override {
    return "fermata verify    read every stored object and compare it with its checksum";
  }
  bool works_while_serving() override { return true; }
  int32_t run_at(Console& console, std::span<const std::string_view> arguments) override;

 private:
  const Ingest& ingest_;
  StateStore& state_;
};

}  // namespace fermata::archive
