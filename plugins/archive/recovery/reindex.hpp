#pragma once
#include <filesystem>
#include <optional>

#include "fermata/command.hpp"
#include "recovery/recovery.hpp"

namespace fermata::archive {

/// `fermata reindex`: makes the whole index anew from the blob store alone. Progress goes to standard error, the result
/// to standard output; exit code 1 if one is damaged. An archive that runs does it itself, as a job.
class ReindexCommand final : public Command {
 public:
  /// `socket`: where an archive that runs is reached; empty: nowhere.
  explicit ReindexCommand(std::filesystem::path socket) : socket_(std::move(socket)) {}
  void work_with(BlobStore& blobs, Index& index, StateStore& state, const Settings& settings, Journal journal) {
    index_ = &index;
    recovery_.emplace(blobs, index, state, settings, std::move(journal));
  }
  std::string_view name() override { return "reindex"; }
  std::string_view summary() override { return "Make the index anew from the stored objects"; }
  std::string_view usage() override { return "fermata reindex    make the index anew from the stored objects"; }
  bool needs_plugins(std::span<const std::string_view> arguments) override;
  int32_t run(std::span<const std::string_view> arguments) override;

 private:
  int32_t make_here();
  int32_t have_it_made();

  const std::filesystem::path socket_;
  Index* index_ = nullptr;
  std::optional<Recovery> recovery_;
};

}  // namespace fermata::archive
