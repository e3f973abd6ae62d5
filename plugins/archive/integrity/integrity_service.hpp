#pragma once
#include <atomic>
#include <memory>
#include <set>
#include <string>

#include "fermata/integrity.hpp"
#include "ingest/ingest.hpp"
#include "stored_object.hpp"
#include "trash/trash_records.hpp"

namespace fermata::archive {

/// Blobs that were put aside. The archive passes over them.
inline constexpr std::string_view kQuarantine = "quarantine/";
inline bool is_quarantined(std::string_view key) { return key.substr(0, kQuarantine.size()) == kQuarantine; }

/// Looks at what is stored while objects come and go: docs/adr/0006-healing.md says in which order things are written.
///
/// **Thread**, **Errors**: as Integrity. **Ownership**: ingest and state outlive it and its walks.
class IntegrityService final : public Integrity {
 public:
  IntegrityService(Ingest& ingest, StateStore& state) : ingest_(ingest), state_(state) {}
  std::unique_ptr<IntegrityWalk> walk(std::string_view after, std::unique_ptr<ObjectCopies> copies) override;

 private:
  Ingest& ingest_;
  StateStore& state_;
  std::atomic<bool> walking_{false};
};

}  // namespace fermata::archive
