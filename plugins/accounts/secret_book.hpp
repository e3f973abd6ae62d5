#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "account_document.hpp"
#include "fermata/error.hpp"
#include "fermata/state_store.hpp"
#include "random_token.hpp"

namespace fermata::accounts {

/// Sessions, or access tokens: found by the hash of the secret that somebody shows, in memory, and written through to a
/// collection of the state store.
///
/// When one was last used is written later and together (`write_used`): no request waits for the disk for it.
/// **Thread**: any. **Ownership**: the state store outlives it. **Errors**: those of the state store.
template <class Record>
class SecretBook {
 public:
  SecretBook(StateStore& store, std::string collection) : store_(store), collection_(std::move(collection)) {
    const auto cursor = store_.list(collection_, {});
    for (Document document; cursor->next(document);) {
      Entry entry;
      entry.record.hash = document.id;
      entry.version = document.version;
      from_document(document.content, entry.record);
      entries_[entry.record.hash] = std::move(entry);
    }
  }

  void add(Record record) {
    Entry entry{std::move(record), 0, false};
    entry.version = put(entry.record, StateStore::kAbsent);
    const std::lock_guard lock(mutex_);
    auto hash = entry.record.hash;
    entries_[std::move(hash)] = std::move(entry);
  }
  /// The record of a hash if it `holds`; notes that it was used.
  template <class Holds>
  std::optional<Record> use(std::string_view hash, int64_t now, Holds&& holds) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(hash);
    if (found == entries_.end() || !holds(found->second.record)) return {};
    auto& entry = found->second;
    entry.used = entry.used || entry.record.last_used != now;
    entry.record.last_used = now;
    return entry.record;
  }
  std::vector<Record> select(const std::function<bool(const Record&)>& wanted) const {
    const std::lock_guard lock(mutex_);
    std::vector<Record> all;
    for (const auto& [hash, entry] : entries_)
      if (wanted(entry.record)) all.push_back(entry.record);
    return all;
  }
  /// Returns how many there were.
  std::size_t remove(const std::function<bool(const Record&)>& unwanted) {
    const auto doomed = select(unwanted);
    for (const auto& record : doomed) remove_one(record.hash);
    return doomed.size();
  }
  /// Writes when those that were used since the last time were.
  void write_used() {
    for (const auto& [record, version] : take_used()) {
      try {
        const auto now_version = put(record, version);
        const std::lock_guard lock(mutex_);
        if (const auto found = entries_.find(record.hash); found != entries_.end()) found->second.version = now_version;
      } catch (const Error& error) {
        if (error.code() != Code::conflict) throw;  // it was removed meanwhile
      }
    }
  }

 private:
  struct Entry {
    Record record;
    uint64_t version = 0;
    bool used = false;  ///< since it was written
  };

  uint64_t put(const Record& record, uint64_t expected_version) {
    const auto document = to_document(record);
    return store_.put(collection_, record.hash, std::as_bytes(std::span(document)), expected_version);
  }
  void remove_one(const std::string& hash) {
    try {
      store_.remove(collection_, hash, StateStore::kAny);
    } catch (const Error& error) {
      if (error.code() != Code::not_found) throw;  // by somebody else at the same time
    }
    const std::lock_guard lock(mutex_);
    entries_.erase(hash);
  }
  std::vector<std::pair<Record, uint64_t>> take_used() {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<Record, uint64_t>> used;
    for (auto& [hash, entry] : entries_)
      if (std::exchange(entry.used, false)) used.emplace_back(entry.record, entry.version);
    return used;
  }

  StateStore& store_;
  const std::string collection_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace fermata::accounts
