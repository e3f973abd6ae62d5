#pragma once
#include "fermata/command.hpp"
#include "recovery.hpp"

namespace fermata::archive {

/// `fermata reindex`: makes the whole index anew from the blob store alone. Progress goes to standard error, the result
/// to standard output; exit code 1 if a blob could not be indexed.
class ReindexCommand final : public Command {
 public:
  ReindexCommand(BlobStore& blobs, Index& index, StateStore& state, const Settings& settings, Journal journal)
      : index_(index), recovery_(blobs, index, state, settings, std::move(journal)) {}
  std::string_view name() override { return "reindex"; }
  std::string_view summary() override { return "Make the index anew from the stored objects"; }
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  Index& index_;
  Recovery recovery_;
};

}  // namespace fermata::archive
