#include "sources/horos_images.hpp"

#include <charconv>

#include "file_names.hpp"
#include "sources/file_stream.hpp"

namespace fermata::imports {
namespace fs = std::filesystem;

HorosImages::HorosImages(std::shared_ptr<const DatabaseCopy> database, const fs::path& data_folder, MayRead may_read)
    : database_(std::move(database)), paths_(data_folder), may_read_(std::move(may_read)) {}

void HorosImages::go_on_after(std::string_view position) {
  int64_t last = -1;
  std::from_chars(position.data(), position.data() + position.size(), last);
  rows_.emplace(database_->rows("SELECT Z_PK, " + database_->column("ZIMAGE", "ZPATHNUMBER") + ", " +
                                database_->column("ZIMAGE", "ZPATHSTRING") +
                                " FROM ZIMAGE WHERE Z_PK > ? ORDER BY Z_PK"));
  rows_->bind(1, last);
  before_.clear();
}

bool HorosImages::next(Entry& entry) {
  if (!rows_) go_on_after({});
  while (rows_->next()) {
    const auto name = rows_->text(2);
    const bool numbered = !rows_->is_null(1) && rows_->integer(1) != 0;
    if (!numbered && name.empty()) continue;
    const auto file = numbered ? paths_.numbered(rows_->integer(1)) : paths_.named(name);
    if (file == before_) continue;
    before_ = file;
    entry = {};
    entry.name = escaped(file.native());
    entry.position = std::to_string(rows_->integer(0));
    if (look_at(file, !numbered && HorosPaths::is_linked(name), entry)) return true;
  }
  return false;
}

/// False: the folder has it, and it has been seen there.
bool HorosImages::look_at(const fs::path& file, bool linked, Entry& entry) const {
  std::error_code error;
  const auto target = fs::canonical(file, error);
  if (error) {
    entry.outcome = Outcome::missing;
    entry.problem = linked ? "the database links to it, but it is not there: is its volume mounted?"
                           : "the database names it, but it is not there";
    return true;
  }
  if (!linked) return false;
  if (!may_read_(target))
    entry.problem = "the database links to it, but it lies outside of the folders that may be imported";
  else
    entry.open = [target]() -> std::unique_ptr<ByteStream> { return std::make_unique<FileStream>(target); };
  return true;
}

}  // namespace fermata::imports
