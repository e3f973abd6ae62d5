#include "sources/database_copy.hpp"

#include <sqlite3.h>
#include <stdlib.h>

#include "fermata/error.hpp"

namespace fermata::imports {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void fail(sqlite3* database) {
  throw Error(Code::io, std::string("the other program's database can't be read: ") + sqlite3_errmsg(database));
}

fs::path own_folder(const fs::path& scratch) {
  fs::create_directories(scratch);
  std::string name = (scratch / "copy-XXXXXX").native();
  if (::mkdtemp(name.data()) == nullptr)
    throw Error(Code::io, "no copy of the other program's database can be made in " + scratch.native());
  return name;
}

}  // namespace

DatabaseRows::DatabaseRows(sqlite3* database, const std::string& query) : database_(database) {
  if (sqlite3_prepare_v2(database, query.c_str(), -1, &statement_, nullptr) != SQLITE_OK) fail(database);
}
DatabaseRows::~DatabaseRows() { sqlite3_finalize(statement_); }

void DatabaseRows::bind(int parameter, int64_t value) { sqlite3_bind_int64(statement_, parameter, value); }
void DatabaseRows::bind(int parameter, const std::string& value) {
  sqlite3_bind_text(statement_, parameter, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
}

bool DatabaseRows::next() {
  const int result = sqlite3_step(statement_);
  if (result != SQLITE_ROW && result != SQLITE_DONE) fail(database_);
  return result == SQLITE_ROW;
}
void DatabaseRows::again() { sqlite3_reset(statement_); }

bool DatabaseRows::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
int64_t DatabaseRows::integer(int column) const { return sqlite3_column_int64(statement_, column); }
std::string DatabaseRows::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

DatabaseCopy::DatabaseCopy(const fs::path& original, const fs::path& scratch) : folder_(own_folder(scratch)) {
  try {
    const auto copy = folder_ / "database";
    fs::copy_file(original, copy);
    auto log = original;
    log += "-wal";
    if (fs::exists(log)) fs::copy_file(log, folder_ / "database-wal");
    if (sqlite3_open_v2(copy.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK) fail(database_);
    // Nothing that the schema brings along may do more than compute.
    sqlite3_db_config(database_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    rows("SELECT count(*) FROM sqlite_master").next();
  } catch (const fs::filesystem_error& error) {
    remove();
    throw Error(Code::io, "the other program's database can't be copied: " + error.code().message());
  } catch (...) {
    remove();
    throw;
  }
}

DatabaseCopy::~DatabaseCopy() { remove(); }

void DatabaseCopy::remove() noexcept {
  sqlite3_close(database_);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

bool DatabaseCopy::has_table(const std::string& table) const {
  auto found = rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
  found.bind(1, table);
  return found.next();
}

std::string DatabaseCopy::column(const std::string& table, const std::string& name) const {
  auto found = rows("SELECT 1 FROM pragma_table_info(?) WHERE upper(name) = ?");
  found.bind(1, table);
  found.bind(2, name);
  return found.next() ? table + "." + name : "NULL";
}

}  // namespace fermata::imports
