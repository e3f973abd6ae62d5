#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/state_store.h"

namespace fermata {

/// One document. `id` and `content` are valid until the cursor's next call. Versions begin with 1 and grow at each
/// `put`.
struct Document {
  std::string_view id;
  std::span<const std::byte> content;
  uint64_t version = 0;
};

/// Documents in ascending byte order of their ids, on a snapshot. **Thread**: one thread at a time.
class DocumentCursor {
 public:
  virtual ~DocumentCursor() = default;
  virtual bool next(Document& document) = 0;
};

/// Small named collections of documents: nodes, users, jobs, settings.
///
/// *Provided by* the index plugin, in the same database; *used by* every plugin that keeps something between runs.
/// **Names**: collections and ids are 1 to 256 bytes without NUL. Call a collection after the plugin: `accounts.users`.
/// **Content**: up to 1 MiB; its format, with a version in it, is its owner's.
/// **Thread**: all functions from any thread. **Durability**: `put` and `remove` survive a power cut once they return,
/// and so does everything the index committed before them.
/// **Errors**: conflict (the version is not the expected one), not_found, invalid, io.
class StateStore {
 public:
  static constexpr const char* kId = FERMATA_STATE_STORE_ID;
  /// Expected version of a document that must not exist yet, and of one that may be overwritten whatever it is.
  static constexpr uint64_t kAbsent = 0;
  static constexpr uint64_t kAny = UINT64_MAX;

  virtual ~StateStore() = default;
  /// Documents whose id is `from` or greater; an empty `from` means all.
  virtual std::unique_ptr<DocumentCursor> list(std::string_view collection, std::string_view from) = 0;
  /// Returns the new version.
  virtual uint64_t put(std::string_view collection, std::string_view id, std::span<const std::byte> content,
                       uint64_t expected_version) = 0;
  /// Error not_found if there is none, whatever version was expected.
  virtual void remove(std::string_view collection, std::string_view id, uint64_t expected_version) = 0;
};

}  // namespace fermata

#include "fermata/bridge/state_store.hpp"  // IWYU pragma: export
