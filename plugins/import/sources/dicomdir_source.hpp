#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "sources/source.hpp"

namespace fermata::imports {

/// The DICOMDIR of a folder, whatever case its name is in; empty: there is none.
std::filesystem::path find_dicomdir(const std::filesystem::path& folder);

/// What a DICOMDIR (PS3.10 8.6) lists and the medium does not have: an entry `missing` for each. What it has is given
/// by a FolderSource. Names are compared without regard to case, as media are mounted so or so.
class DicomdirGaps final : public Source {
 public:
  explicit DicomdirGaps(std::filesystem::path dicomdir) : dicomdir_(std::move(dicomdir)) {}

  void go_on_after(std::string_view position) override;
  bool next(Entry& entry) override;
  uint64_t count(const std::function<bool()>&) override { return 0; }

 private:
  void load();

  const std::filesystem::path dicomdir_;
  bool loaded_ = false;
  std::vector<std::string> listed_;
  std::size_t next_ = 0;
};

}  // namespace fermata::imports
