#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "fermata/archive.hpp"

namespace fermata {

/// An object on its way in, before anything of it is written. Valid during `before_store` only.
class IngestContext {
 public:
  virtual ~IngestContext() = default;
  /// What came before the first bulk value, in the form of InstanceRecord::header, with the edits made so far.
  virtual std::span<const std::byte> header() = 0;
  virtual StoreRequest request() = 0;
  /// Sets a top-level element: `vr` is two letters, `value` little endian and UTF-8. The UIDs that identify the
  /// instance may be changed; Error invalid for file meta information, group lengths, and the first bulk value with all
  /// that comes after it.
  virtual void set_element(uint32_t tag, const char* vr, std::span<const std::byte> value) = 0;
  virtual void remove_element(uint32_t tag) = 0;  ///< the same; one that is not there is no edit
  /// Refuses the object; the reason goes to the peer and must not hold patient data.
  virtual void refuse(std::string_view reason) = 0;
};

/// A site's own rule about what comes in: edit, refuse, or take note.
///
/// *Provided by* anybody's plugin; *used by* the archive, which calls all of them in the order of their plugins' names.
/// **Thread**: any number of objects at once, each on the thread that receives it: do not wait long.
/// **Errors**: an exception from `before_store` refuses the object (nothing is lost: the sender keeps it);
/// one from `after_store` is logged.
class IngestHook {
 public:
  static constexpr const char* kId = FERMATA_INGEST_HOOK_ID;
  virtual ~IngestHook() = default;
  virtual void before_store(IngestContext& context) = 0;
  /// After the object is durable and indexed; not called for identical, kept_first and refused.
  virtual void after_store(const InstanceRecord& record, StoreOutcome::Kind kind) = 0;
};

}  // namespace fermata

#include "fermata/bridge/ingest_hook.hpp"  // IWYU pragma: export
