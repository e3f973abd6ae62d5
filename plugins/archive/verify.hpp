#pragma once
#include <functional>
#include <string>

#include "fermata/blob_store.hpp"
#include "fermata/command.hpp"
#include "fermata/index.hpp"
#include "settings.hpp"

namespace fermata::archive {

struct VerifyReport {
  uint64_t instances = 0;
  uint64_t bytes = 0;
  uint64_t problems = 0;
};

/// Reads every stored object again and compares it with the index; changes nothing.
///
/// Found are: blobs that are missing, or whose checksum, length, UIDs, transfer syntax or header differ from the
/// record, and blobs that the index doesn't know. **Thread**: one at a time.
class Verification {
 public:
  /// Called for each problem: the blob's key and what is wrong with it.
  using Problem = std::function<void(std::string_view blob_key, std::string_view what)>;
  using Progress = std::function<void(const VerifyReport&)>;

  Verification(BlobStore& blobs, Index& index, const ScanLimits& limits)
      : blobs_(blobs), index_(index), limits_(limits) {}
  VerifyReport run(const Problem& problem, const Progress& progress);

 private:
  std::string check(const InstanceRecord& record);
  std::string check_known(std::string_view key);

  BlobStore& blobs_;
  Index& index_;
  const ScanLimits limits_;
};

/// `fermata verify`: problems on standard output, one a line; exit code 1 if there are any.
class VerifyCommand final : public Command {
 public:
  VerifyCommand(BlobStore& blobs, Index& index, const ScanLimits& limits) : verification_(blobs, index, limits) {}
  std::string_view name() override { return "verify"; }
  std::string_view summary() override { return "Read every stored object and compare it with the index"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  Verification verification_;
};

}  // namespace fermata::archive
