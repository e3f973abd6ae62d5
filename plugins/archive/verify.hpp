#pragma once
#include <functional>
#include <string>

#include "fermata/blob_store.hpp"
#include "fermata/command.hpp"
#include "fermata/index.hpp"
#include "settings.hpp"
#include "stored_object.hpp"
#include "trash_records.hpp"

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
/// record, and blobs that neither the index nor the trash knows. **Thread**: one at a time.
class Verification {
 public:
  /// Called for each problem: the blob's key and what is wrong with it.
  using Problem = std::function<void(std::string_view blob_key, std::string_view what)>;
  using Progress = std::function<void(const VerifyReport&)>;

  Verification(BlobStore& blobs, Index& index, StateStore& state, const ScanLimits& limits)
      : blobs_(blobs), index_(index), trash_(state), limits_(limits) {}
  VerifyReport run(const Problem& problem, const Progress& progress);

 private:
  std::string check(const InstanceRecord& record);
  std::string check_known(std::string_view key);
  std::string check_trashed(const std::string& key, TrashRecord::State state);

  BlobStore& blobs_;
  Index& index_;
  TrashRecords trash_;
  TrashedBlobs trashed_;
  const ScanLimits limits_;
};

/// `fermata verify`: problems on standard output, one a line; exit code 1 if there are any.
class VerifyCommand final : public Command {
 public:
  VerifyCommand(BlobStore& blobs, Index& index, StateStore& state, const ScanLimits& limits)
      : verification_(blobs, index, state, limits) {}
  std::string_view name() override { return "verify"; }
  std::string_view summary() override { return "Read every stored object and compare it with the index"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  Verification verification_;
};

}  // namespace fermata::archive
