#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

struct sqlite3;
struct sqlite3_stmt;

namespace fermata::imports {

/// Rows of one query. **Thread**: one at a time. **Errors**: io.
class DatabaseRows {
 public:
  DatabaseRows(sqlite3* database, const std::string& query);
  ~DatabaseRows();
  DatabaseRows(DatabaseRows&& other) noexcept
      : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}
  DatabaseRows& operator=(DatabaseRows&&) = delete;

  void bind(int parameter, int64_t value);
  void bind(int parameter, const std::string& value);
  bool next();
  /// The query may be asked again, with other values.
  void again();

  bool is_null(int column) const;
  int64_t integer(int column) const;
  std::string text(int column) const;  ///< also of a blob

 private:
  sqlite3* const database_;
  sqlite3_stmt* statement_ = nullptr;
};

/// A copy of another program's SQLite database, with what it has not written back yet ("-wal"): the original is only
/// read. The copy goes with the object.
///
/// **Thread**: one at a time. **Errors**: io (it can't be copied or read).
class DatabaseCopy {
 public:
  DatabaseCopy(const std::filesystem::path& original, const std::filesystem::path& scratch);
  ~DatabaseCopy();
  DatabaseCopy(const DatabaseCopy&) = delete;
  DatabaseCopy& operator=(const DatabaseCopy&) = delete;

  DatabaseRows rows(const std::string& query) const { return DatabaseRows(database_, query); }
  bool has_table(const std::string& table) const;
  /// The column, or NULL where an older version of the other program did not have it yet: for use in a query.
  std::string column(const std::string& table, const std::string& name) const;

 private:
  void remove() noexcept;

  std::filesystem::path folder_;
  sqlite3* database_ = nullptr;
};

}  // namespace fermata::imports
