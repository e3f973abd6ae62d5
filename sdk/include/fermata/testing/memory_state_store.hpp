#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/state_store.hpp"

namespace fermata::testing {

/// A state store in memory: the reference that says what a state store does, and the one for tests of its users.
///
/// **Thread**, **Errors**: as `StateStore`. **Ownership**: cursors keep what they show.
class MemoryStateStore final : public StateStore {
 public:
  std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override {
    check_name(collection);
    const std::lock_guard lock(mutex_);
    const auto& documents = collections_[std::string(collection)];
    return std::make_unique<Cursor>(Documents(documents.lower_bound(from), documents.end()));
  }

  uint64_t put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
               uint64_t expected_version) override {
    check_name(collection);
    check_name(id);
    if (content.size() > kMaximumContent)
      throw Error(Code::invalid, name(collection, id) + " is larger than 1 MiB: split it");
    const std::lock_guard lock(mutex_);
    auto& documents = collections_[std::string(collection)];
    const auto found = documents.find(id);
    const uint64_t version = found == documents.end() ? kAbsent : found->second.version;
    check_version(collection, id, expected_version, version);
    documents.insert_or_assign(std::string(id),
                               Stored{std::vector<std::byte>(content.begin(), content.end()), version + 1});
    return version + 1;
  }

  void remove(std::string_view collection, std::string_view id, uint64_t expected_version) override {
    check_name(collection);
    check_name(id);
    const std::lock_guard lock(mutex_);
    auto& documents = collections_[std::string(collection)];
    const auto found = documents.find(id);
    if (found == documents.end()) throw Error(Code::not_found, "there is no " + name(collection, id));
    check_version(collection, id, expected_version, found->second.version);
    documents.erase(found);
  }

 private:
  static constexpr std::size_t kMaximumContent = std::size_t{1} << 20;
  struct Stored {
    std::vector<std::byte> content;
    uint64_t version = 0;
  };
  using Documents = std::map<std::string, Stored, std::less<>>;

  static std::string name(std::string_view collection, std::string_view id) {
    return "document " + std::string(id) + " in " + std::string(collection);
  }
  static void check_name(std::string_view name) {
    if (name.empty() || name.size() > 256 || name.find('\0') != name.npos)
      throw Error(Code::invalid, "a name in the state store is 1 to 256 bytes without NUL");
  }
  static void check_version(std::string_view collection, std::string_view id, uint64_t expected, uint64_t found) {
    if (expected != kAny && expected != found)
      throw Error(Code::conflict, name(collection, id) + " has version " + std::to_string(found) + ", not " +
                                      std::to_string(expected) + ": read it again");
  }

  class Cursor final : public DocumentCursor {
   public:
    explicit Cursor(Documents documents) : documents_(std::move(documents)), at_(documents_.begin()) {}
    bool next(Document& document) override {
      if (at_ == documents_.end()) return false;
      document = {at_->first, at_->second.content, at_->second.version};
      ++at_;
      return true;
    }

   private:
    const Documents documents_;
    Documents::const_iterator at_;
  };

  std::mutex mutex_;
  std::map<std::string, Documents> collections_;
};

}  // namespace fermata::testing
