#pragma once
#include <filesystem>
#include <utility>
#include <vector>

#include "sources/source.hpp"

namespace fermata::imports {

/// All files of a folder and those below, or one file. Names in ascending byte order; the names of one folder at a
/// time, and of those above it, are in memory.
///
/// A link is followed where `Rules::may_read` allows what it leads to; every other one is an entry with a problem, and
/// so is a folder that can't be listed or that contains itself.
class FolderSource final : public Source {
 public:
  struct Rules {
    /// Whether the target of a link, an absolute path without links, may be read.
    std::function<bool(const std::filesystem::path&)> may_read = [](const auto&) { return true; };
    /// Changes an entry: sets its problem, or how it is opened. Its path is relative to the folder.
    std::function<void(Entry&, const std::filesystem::path& relative, const std::filesystem::path& full)> adapt;
  };

  FolderSource(std::filesystem::path root, Rules rules);

  void go_on_after(std::string_view position) override;
  bool next(Entry& entry) override;
  uint64_t count(const std::function<bool()>& stop) override;

 private:
  struct Folder {
    std::filesystem::path relative;
    std::vector<std::string> names;
    std::size_t next = 0;
    std::pair<uint64_t, uint64_t> identity;
  };
  bool enter(const std::filesystem::path& relative, std::string& problem);
  void visit(const std::filesystem::path& relative, Entry& entry, bool& is_entry);
  void visit_link(const std::filesystem::path& relative, Entry& entry, bool& is_entry);
  void give_file(const std::filesystem::path& full, Entry& entry);

  const std::filesystem::path root_;
  const Rules rules_;
  const bool single_;
  bool given_ = false;  ///< of a single file
  bool begun_ = false;
  std::vector<Folder> stack_;
};

}  // namespace fermata::imports
