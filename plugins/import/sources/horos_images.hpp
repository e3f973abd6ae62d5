#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "sources/database_copy.hpp"
#include "sources/horos_paths.hpp"
#include "sources/source.hpp"

namespace fermata::imports {

/// What the database of Horos or OsiriX names beside the files of its folder: linked files, which lie elsewhere, and
/// files that are not there any more.
///
/// **Ownership**: shares the copy of the database.
class HorosImages final : public Source {
 public:
  using MayRead = std::function<bool(const std::filesystem::path&)>;

  HorosImages(std::shared_ptr<const DatabaseCopy> database, const std::filesystem::path& data_folder, MayRead may_read);

  void go_on_after(std::string_view position) override;
  bool next(Entry& entry) override;
  uint64_t count(const std::function<bool()>&) override { return 0; }

 private:
  bool look_at(const std::filesystem::path& file, bool linked, Entry& entry) const;

  const std::shared_ptr<const DatabaseCopy> database_;
  const HorosPaths paths_;
  const MayRead may_read_;
  std::optional<DatabaseRows> rows_;
  std::filesystem::path before_;  ///< the frames of one file have a row each
};

}  // namespace fermata::imports
