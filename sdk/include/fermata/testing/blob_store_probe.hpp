#pragma once
#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/blob_store.hpp"
#include "fermata/error.hpp"
#include "fermata/testing/conformance.hpp"

namespace fermata::testing {

/// A blob store under test, empty when it is made.
class BlobStoreSubject {
 public:
  virtual ~BlobStoreSubject() = default;
  virtual BlobStore& store() = 0;
  /// Ends the store and opens it again on the same data. False: it keeps nothing.
  virtual bool reopen() { return false; }
  /// What is committed survives the end of its process, and nothing is opened before `store` is first called: a child
  /// process may have it until then.
  virtual bool may_be_killed() const { return false; }
};

// What the checks do with a blob store, in one line each.
namespace blob_store_checks {

using Bytes = std::vector<std::byte>;

inline Bytes some_bytes(std::size_t count, uint32_t seed) {
  std::minstd_rand random(seed + 1);
  Bytes bytes(count);
  for (auto& b : bytes) b = static_cast<std::byte>(random() >> 8);
  return bytes;
}

inline void put(BlobStore& store, std::string_view key, const Bytes& bytes) {
  auto writer = store.create(key);
  writer->append(bytes);
  writer->commit();
}

inline Bytes get(BlobStore& store, std::string_view key) {
  auto reader = store.open(key);
  Bytes bytes(reader->length());
  bytes.resize(reader->read_at(0, bytes));  // called by threads: nothing of Catch2 in here
  return bytes;
}

inline std::vector<std::string> keys(BlobStore& store, std::string_view after = {}) {
  std::vector<std::string> found;
  auto cursor = store.list(after);
  for (BlobEntry entry; cursor->next(entry);) found.emplace_back(entry.key);
  return found;
}

template <class F>
void require_error(Code code, F&& call) {
  bool thrown = false;
  try {
    call();
  } catch (const Error& error) {
    thrown = true;
    INFO(error.what());
    CHECK(error.code() == code);
    CHECK(std::string_view(error.what()).size() > 10);
  }
  CHECK(thrown);
}

/// A check that needs no more than the store.
template <void (*Rule)(BlobStore&)>
void on_store(BlobStoreSubject& subject) {
  Rule(subject.store());
}

}  // namespace blob_store_checks
}  // namespace fermata::testing
