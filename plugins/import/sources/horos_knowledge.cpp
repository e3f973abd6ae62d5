#include "sources/horos_knowledge.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>

#include "fermata/dicom/viewer_series.hpp"
#include "fermata/error.hpp"
#include "file_names.hpp"
#include "sources/horos_paths.hpp"

namespace fermata::imports {
namespace {

constexpr std::size_t kLongestLabel = 40;
constexpr std::size_t kMostLabels = 20;
constexpr std::size_t kLongestText = 2000;
constexpr std::size_t kLongestNote = 16000;
constexpr std::size_t kMostKeyImages = 100;
constexpr std::array<const char*, 5> kStatus{"", "unread", "reviewed", "dictated", "validated"};

bool is_link_column(std::string_view name, std::string_view target) {
  if (!name.starts_with("Z_")) return false;
  name.remove_prefix(2);
  while (!name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.remove_prefix(1);
  return name.starts_with(target);
}

/// A name from the other program's schema, which may be anything, for use in a query.
std::string as_name(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

/// A label has no control characters and 40 characters at most; a byte may be less than one.
std::string label_of(const std::string& text) {
  auto label = plain(text, kLongestLabel);
  std::replace(label.begin(), label.end(), '\n', ' ');
  return label;
}

void add_label(KnownStudy& study, const std::string& text) {
  const auto label = label_of(text);
  if (label.empty() || std::find(study.labels.begin(), study.labels.end(), label) != study.labels.end()) return;
  if (study.labels.size() == kMostLabels) {
    study.problem = "more labels than a study can have: the note has all";
    return;
  }
  study.labels.push_back(label);
}

void add_line(KnownStudy& study, const std::string& head, const std::string& text) {
  const auto line = plain(text, kLongestText);
  if (!line.empty()) study.note += head + ": " + line + "\n";
}

/// Comment fields 1 to 4 of a row, from this column on.
std::string comments(const DatabaseRows& row, int column) {
  std::string all;
  for (int i = 0; i < 4; ++i) {
    const auto text = row.text(column + i);
    if (!text.empty()) all += (all.empty() ? "" : " | ") + text;
  }
  return all;
}

std::string comment_columns(const DatabaseCopy& database, const std::string& table) {
  return database.column(table, "ZCOMMENT") + ", " + database.column(table, "ZCOMMENT2") + ", " +
         database.column(table, "ZCOMMENT3") + ", " + database.column(table, "ZCOMMENT4");
}

}  // namespace

HorosKnowledge::HorosKnowledge(std::shared_ptr<const DatabaseCopy> database) : database_(std::move(database)) {
  const auto& copy = *database_;
  if (!copy.has_table("ZSTUDY") || !copy.has_table("ZSERIES") || !copy.has_table("ZIMAGE"))
    throw Error(Code::invalid,
                "Database.sql has no tables of Horos or OsiriX; import the folder with the kind \"folder\"");
  read_albums();
  studies_.emplace(copy.rows("SELECT Z_PK, " + copy.column("ZSTUDY", "ZSTUDYINSTANCEUID") + ", " +
                             copy.column("ZSTUDY", "ZSTATETEXT") + ", " + copy.column("ZSTUDY", "ZLOCKEDSTUDY") + ", " +
                             copy.column("ZSTUDY", "ZREPORTURL") + ", " + comment_columns(copy, "ZSTUDY") +
                             " FROM ZSTUDY ORDER BY Z_PK"));
  series_of_.emplace(copy.rows("SELECT " + copy.column("ZSERIES", "ZSERIESDESCRIPTION") + ", " +
                               copy.column("ZSERIES", "ZNAME") + ", " + copy.column("ZSERIES", "ZSERIESDICOMUID") +
                               ", " + copy.column("ZSERIES", "ZSTATETEXT") + ", " + comment_columns(copy, "ZSERIES") +
                               " FROM ZSERIES WHERE ZSTUDY = ? ORDER BY Z_PK"));
  key_images_of_.emplace(
      copy.rows("SELECT DISTINCT " + copy.column("ZIMAGE", "ZCOMPRESSEDSOPINSTANCEUID") +
                " FROM ZIMAGE JOIN ZSERIES ON ZIMAGE.ZSERIES = ZSERIES.Z_PK WHERE ZSERIES.ZSTUDY = ? AND " +
                copy.column("ZIMAGE", "ZSTOREDISKEYIMAGE") + " = 1"));
}

/// Core Data numbers its entities anew for each model: the table that links albums and studies is known by its columns.
void HorosKnowledge::read_albums() {
  if (!database_->has_table("ZALBUM")) return;
  auto tables = database_->rows(
      "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c "
      "WHERE m.type = 'table' AND m.name LIKE 'Z\\_%' ESCAPE '\\'");
  std::map<std::string, std::pair<std::string, std::string>> found;
  while (tables.next()) {
    const auto column = tables.text(1);
    if (is_link_column(column, "ALBUMS")) found[tables.text(0)].first = column;
    if (is_link_column(column, "STUDIES")) found[tables.text(0)].second = column;
  }
  for (const auto& [table, columns] : found)
    if (!columns.first.empty() && !columns.second.empty()) {
      link_table_ = table;
      std::tie(album_column_, study_column_) = columns;
    }
  auto albums = database_->rows("SELECT Z_PK, " + database_->column("ZALBUM", "ZNAME") + ", " +
                                database_->column("ZALBUM", "ZSMARTALBUM") + " FROM ZALBUM");
  while (albums.next()) {
    if (albums.integer(2) != 0)
      smart_albums_ += (smart_albums_.empty() ? "" : ", ") + plain(albums.text(1), kLongestText);
    else
      albums_[albums.integer(0)] = albums.text(1);
  }
  if (link_table_.empty()) return;
  albums_of_.emplace(database_->rows("SELECT " + as_name(album_column_) + " FROM " + as_name(link_table_) + " WHERE " +
                                     as_name(study_column_) + " = ? ORDER BY 1"));
}

bool HorosKnowledge::next(KnownStudy& study) {
  while (studies_->next()) {
    study = {};
    study.study = studies_->text(1);
    describe(studies_->integer(0), study);
    if (study.note.empty() && study.labels.empty()) continue;  // nothing is known of it
    study.note = plain(study.note, kLongestNote);
    while (!study.note.empty() && study.note.back() == '\n') study.note.pop_back();
    return true;
  }
  return false;
}

void HorosKnowledge::describe(int64_t key, KnownStudy& study) {
  add_albums(key, study);
  const auto status = studies_->integer(2);
  if (status > 0 && status < static_cast<int64_t>(kStatus.size())) {
    const std::string name = kStatus[static_cast<std::size_t>(status)];
    add_label(study, "status: " + name);
    add_line(study, "Status", name);
  }
  if (studies_->integer(3) != 0) {
    add_label(study, "locked");
    add_line(study, "Locked", "yes, against automatic deletion");
  }
  add_line(study, "Comments", comments(*studies_, 5));
  const auto report = studies_->text(4);
  if (!report.empty()) add_line(study, "Report", report + " (a file beside the images; it is not imported)");
  add_key_images(key, study);
  add_series(key, study);
}

void HorosKnowledge::add_albums(int64_t key, KnownStudy& study) {
  if (!albums_of_) return;
  albums_of_->again();
  albums_of_->bind(1, key);
  std::string names;
  while (albums_of_->next()) {
    const auto album = albums_.find(albums_of_->integer(0));
    if (album == albums_.end()) continue;
    add_label(study, album->second);
    names += (names.empty() ? "" : ", ") + album->second;
  }
  add_line(study, "Albums", names);
}

void HorosKnowledge::add_key_images(int64_t key, KnownStudy& study) {
  key_images_of_->again();
  key_images_of_->bind(1, key);
  std::size_t number = 0;
  std::string uids;
  while (key_images_of_->next())
    if (++number <= kMostKeyImages) uids += (uids.empty() ? "" : ", ") + unpacked_uid(key_images_of_->text(0));
  if (number == 0) return;
  add_label(study, "key images");
  study.note +=
      "Key images: " + std::to_string(number) + " (" + uids + (number > kMostKeyImages ? ", ..." : "") + ")\n";
}

void HorosKnowledge::add_series(int64_t key, KnownStudy& study) {
  series_of_->again();
  series_of_->bind(1, key);
  std::string kept;
  while (series_of_->next()) {
    auto description = series_of_->text(0);
    if (description.empty()) description = series_of_->text(1);
    if (dicom::is_viewer_series("SR", description))
      kept += (kept.empty() ? "" : ", ") + description + " " + series_of_->text(2);
    add_line(study, "Series \"" + plain(description, kLongestText) + "\"", comments(*series_of_, 4));
  }
  if (kept.empty()) return;
  add_label(study, "private SR");
  add_line(study, "Kept as they are, for Horos and OsiriX only", kept);
}

}  // namespace fermata::imports
