#pragma once
#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "fermata/error.hpp"
#include "fermata/state_store.hpp"

namespace fermata::application_entities {

/// A state store in memory that counts its writes, and fails on request.
class FakeStateStore final : public StateStore {
 public:
  std::atomic<bool> broken = false;
  std::atomic<int> writes = 0;

  std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) override {
    const std::lock_guard lock(mutex_);
    return std::make_unique<Cursor>(collections_[std::string(collection)], from);
  }
  uint64_t put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
               uint64_t) override {
    fail_if_broken();
    const std::lock_guard lock(mutex_);
    auto& document = collections_[std::string(collection)][std::string(id)];
    document.first.assign(reinterpret_cast<const char*>(content.data()), content.size());
    return ++document.second;
  }
  void remove(std::string_view collection, std::string_view id, uint64_t) override {
    fail_if_broken();
    const std::lock_guard lock(mutex_);
    if (collections_[std::string(collection)].erase(std::string(id)) == 0)
      throw Error(Code::not_found, "no such document");
  }
  void put_text(std::string_view collection, std::string_view id, std::string_view text) {
    put(collection, id, std::as_bytes(std::span(text)), kAny);
  }

 private:
  using Documents = std::map<std::string, std::pair<std::string, uint64_t>>;

  class Cursor final : public DocumentCursor {
   public:
    Cursor(Documents documents, std::string_view from)
        : documents_(std::move(documents)), at_(documents_.lower_bound(std::string(from))) {}
    bool next(Document& document) override {
      if (at_ == documents_.end()) return false;
      document = {at_->first, std::as_bytes(std::span(at_->second.first)), at_->second.second};
      ++at_;
      return true;
    }

   private:
    const Documents documents_;
    Documents::const_iterator at_;
  };

  void fail_if_broken() {
    ++writes;
    if (broken) throw Error(Code::io, "the disk is gone");
  }

  std::mutex mutex_;
  std::map<std::string, Documents> collections_;
};

}  // namespace fermata::application_entities
