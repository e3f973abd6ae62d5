#pragma once
#include <map>
#include <memory>
#include <optional>

#include "sources/database_copy.hpp"
#include "sources/study_knowledge.hpp"

namespace fermata::imports {

/// Albums, status, comments, key images and locks of Horos and OsiriX (Core Data model 2.5): what stands in their
/// database only.
///
/// Albums become labels of their names, and what a study is becomes the labels of `labels`. The note has all of it in
/// full. **Ownership**: shares the copy of the database.
class HorosKnowledge final : public StudyKnowledge {
 public:
  explicit HorosKnowledge(std::shared_ptr<const DatabaseCopy> database);

  std::string program() override { return "Horos/OsiriX"; }
  bool next(KnownStudy& study) override;

 private:
  void read_albums();
  void describe(int64_t key, KnownStudy& study);
  void add_albums(int64_t key, KnownStudy& study);
  void add_series(int64_t key, KnownStudy& study);
  void add_key_images(int64_t key, KnownStudy& study);

  const std::shared_ptr<const DatabaseCopy> database_;
  std::string link_table_, album_column_, study_column_;  ///< empty: there are no albums
  std::map<int64_t, std::string> albums_;
  std::string smart_albums_;
  std::optional<DatabaseRows> studies_, albums_of_, series_of_, key_images_of_;
};

}  // namespace fermata::imports
