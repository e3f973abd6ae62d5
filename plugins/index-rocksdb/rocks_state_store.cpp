#include "rocks_state_store.hpp"

#include <functional>

#include "encoding.hpp"
#include "fermata/error.hpp"
#include "keys.hpp"

namespace fermata::index_rocksdb {
namespace {

constexpr std::size_t kMaximumName = 256;
constexpr std::size_t kMaximumContent = std::size_t{1} << 20;

void check_name(std::string_view name, const char* what) {
  if (name.empty() || name.size() > kMaximumName || name.find(kNul) != name.npos)
    throw Error(Code::invalid,
                std::string("the ") + what + " of a document has 1 to 256 bytes and no NUL: choose another one");
}

std::string document_key(std::string_view collection, std::string_view id) {
  check_name(collection, "collection");
  check_name(id, "id");
  return std::string(collection).append(1, kNul).append(id);
}

std::string named(std::string_view collection, std::string_view id) {
  return "document " + std::string(id) + " in " + std::string(collection);
}

[[noreturn]] void conflict(std::string_view collection, std::string_view id, uint64_t expected, uint64_t found) {
  throw Error(Code::conflict, named(collection, id) + " has version " + std::to_string(found) + " and not " +
                                  std::to_string(expected) + ": read it again");
}

class Cursor final : public DocumentCursor {
 public:
  Cursor(Database& database, std::string_view collection, std::string_view from)
      : prefix_(std::string(collection) + kNul), at_(database.iterate(Family::state, nullptr, nullptr)) {
    at_->Seek(prefix_ + std::string(from));
  }
  bool next(Document& document) override {
    if (started_ && at_->Valid()) at_->Next();
    started_ = true;
    check(at_->status(), "listing documents");
    if (!at_->Valid() || !view(at_->key()).starts_with(prefix_)) return false;
    document.id = view(at_->key()).substr(prefix_.size());
    try {
      Decoder in(view(at_->value()));
      document.version = in.varint();
      document.content = bytes(in.rest());
    } catch (const Decoder::Malformed&) {
      throw Error(Code::corrupt, named(prefix_.c_str(), document.id) + " is damaged: remove it");
    }
    return true;
  }

 private:
  std::string prefix_;
  std::unique_ptr<rocksdb::Iterator> at_;
  bool started_ = false;
};

}  // namespace

std::mutex& RocksStateStore::lock_for(std::string_view key) {
  return locks_[std::hash<std::string_view>{}(key) % locks_.size()];
}

uint64_t RocksStateStore::version_of(const std::string& key) const {
  std::string value;
  if (!database_.get(Family::state, key, value)) return kAbsent;
  try {
    return Decoder(value).varint();
  } catch (const Decoder::Malformed&) {
    return 1;  // damaged: it is there, and may be overwritten or removed
  }
}

std::unique_ptr<DocumentCursor> RocksStateStore::list(std::string_view collection, std::string_view from) {
  check_name(collection, "collection");
  return std::make_unique<Cursor>(database_, collection, from);
}

uint64_t RocksStateStore::put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
                              uint64_t expected_version) {
  const std::string key = document_key(collection, id);
  if (content.size() > kMaximumContent)
    throw Error(Code::invalid, named(collection, id) + " is larger than 1 MiB: keep less in it");
  const std::lock_guard lock(lock_for(key));
  const uint64_t found = version_of(key);
  if (expected_version != kAny && expected_version != found) conflict(collection, id, expected_version, found);
  rocksdb::WriteBatch batch;
  batch.Put(database_[Family::state], key, Encoder().varint(found + 1).raw(chars(content)).take());
  database_.write(batch, true);
  return found + 1;
}

void RocksStateStore::remove(std::string_view collection, std::string_view id, uint64_t expected_version) {
  const std::string key = document_key(collection, id);
  const std::lock_guard lock(lock_for(key));
  const uint64_t found = version_of(key);
  if (found == kAbsent) throw Error(Code::not_found, "there is no " + named(collection, id));
  if (expected_version != kAny && expected_version != found) conflict(collection, id, expected_version, found);
  rocksdb::WriteBatch batch;
  batch.Delete(database_[Family::state], key);
  database_.write(batch, true);
}

}  // namespace fermata::index_rocksdb
