#pragma once
#include "fermata/blob_store.hpp"
#include "fermata/command.hpp"

namespace mirrored_store {

/// `fermata mirror-repair [--restore]`: compares the two stores now, and says what it has found.
///
/// **Thread**: the main thread. **Ownership**: the stores outlive it.
class RepairCommand final : public fermata::Command {
 public:
  RepairCommand(fermata::BlobStore& main, fermata::BlobStore& copy) : main_(main), copy_(copy) {}

  std::string_view name() override { return "mirror-repair"; }
  std::string_view summary() override {
    return "compares the two blob stores and completes the copy; --restore the other way";
  }
  /// 0: the two are equal now; 1: they are not.
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  fermata::BlobStore& main_;
  fermata::BlobStore& copy_;
};

}  // namespace mirrored_store
