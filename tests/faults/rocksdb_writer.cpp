// Shows that what the recorder sees of RocksDB is enough to rebuild a database.
//
//   rocksdb_writer write FOLDER     puts records with a synced log, flushes and compacts, without end; prints each
//   number
//                                   once its record is acknowledged
//   rocksdb_writer count FOLDER     opens what is there and prints how many records there are, from 0 without a gap
#include <rocksdb/db.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>

namespace {

std::string key(unsigned number) {
  char text[16];
  std::snprintf(text, sizeof text, "%08u", number);
  return text;
}

std::string value(unsigned number) { return std::string(100 + number % 3000, static_cast<char>('a' + number % 26)); }

void check(const rocksdb::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  ::_exit(1);
}

std::unique_ptr<rocksdb::DB> open(const char* folder) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 256 << 10;  // many flushes and compactions
  options.level0_file_num_compaction_trigger = 2;
  rocksdb::DB* database = nullptr;
  check(rocksdb::DB::Open(options, folder, &database));
  return std::unique_ptr<rocksdb::DB>(database);
}

void write(rocksdb::DB& database) {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  for (unsigned number = 0;; ++number) {
    check(database.Put(synced, key(number), value(number)));
    const std::string line = std::to_string(number) + "\n";
    if (::write(1, line.data(), line.size()) < 0) ::_exit(1);
  }
}

void count(rocksdb::DB& database) {
  unsigned number = 0;
  for (std::string found; database.Get({}, key(number), &found).ok(); ++number)
    if (found != value(number)) check(rocksdb::Status::Corruption(key(number)));
  std::printf("%u\n", number);
}

}  // namespace

int main(int count_of_arguments, char** arguments) {
  if (count_of_arguments != 3) return 2;
  const auto database = open(arguments[2]);
  if (arguments[1] == std::string("write"))
    write(*database);
  else
    count(*database);
}
