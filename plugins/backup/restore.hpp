#pragma once
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "file_copy.hpp"
#include "manifest.hpp"

namespace fermata::backup {

struct RestoreReport {
  uint64_t files = 0;
  uint64_t bytes = 0;
  uint64_t problems = 0;
  std::vector<std::filesystem::path> folders;
};

/// Brings the folders of a backup back: each is written under another name, and has its own once it is whole and on the
/// disk. What an interrupted restore has written is read again and kept where it is right; a file of `to` says which
/// backup it was of while folders get their names, so that those that have theirs already are known.
///
/// A damaged file is named and left out; the others are restored.
/// **Errors**: conflict (a folder is there and not empty), corrupt (the manifest is not whole), no_space, io,
/// Interrupted.
class Restore {
 public:
  using Problem = std::function<void(const std::string& name, const std::string& what)>;
  using Progress = std::function<void(const RestoreReport&)>;

  /// Each source goes to `to`/<last part of its place>, or where `elsewhere` says.
  Restore(std::filesystem::path backup, std::filesystem::path to,
          std::map<std::string, std::filesystem::path> elsewhere);
  RestoreReport run(const Problem& problem, const Progress& progress, const Cancelled& cancelled);

 private:
  struct Target {
    std::filesystem::path folder;
    std::filesystem::path making;
    bool in_place = false;  ///< an interrupted restore has given it its name: it is only read
  };
  Target target_of(const ManifestSource& source) const;
  void plan();
  bool restore(const ManifestFile& file, const Target& target, FileCopy& copying) const;
  void give_names(RestoreReport& report) const;
  std::filesystem::path note() const { return to_ / "restore.unfinished"; }

  const std::filesystem::path backup_;
  const std::filesystem::path to_;
  const std::map<std::string, std::filesystem::path> elsewhere_;
  std::map<std::string, Target> targets_;
};

}  // namespace fermata::backup
