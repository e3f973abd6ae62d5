#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "fermata/c/worklist.h"

namespace fermata {

/// One scheduled procedure step. Views are valid until the cursor's next call.
struct WorklistItem {
  std::string_view id;
  std::string_view origin;              ///< for people: "file knee.yaml", "hl7"
  std::span<const std::byte> data_set;  ///< the attributes of PS3.4 table K.6-1, Explicit VR Little Endian, UTF-8
};

/// Items by Scheduled Procedure Step Start Date and Time. **Thread**: one at a time.
class WorklistCursor {
 public:
  virtual ~WorklistCursor() = default;
  virtual bool next(WorklistItem& item) = 0;
};

/// The procedure steps that are scheduled, as modalities are told of them (PS3.4 K, Modality Worklist).
///
/// *Provided by* worklist; *used by* whatever schedules (files, an HL7 interface, an API), and by mpps, which tells how
/// far a step is.
/// **Items**: one Scheduled Procedure Step each: (0040,0100) has one item. Patient's Name, Patient ID, Modality,
/// Scheduled Station AE Title and Scheduled Procedure Step Start Date are necessary; Study Instance UID, Requested
/// Procedure ID, Scheduled Procedure Step ID, Start Time and Status are made where they are missing.
/// **Thread**: all functions from any thread. **Durability**: what `put`, `remove` and `set_status` did survives a
/// power cut once they return. **Errors**: invalid (names the attribute), not_found, io.
class Worklist {
 public:
  static constexpr const char* kId = FERMATA_WORKLIST_ID;
  /// Scheduled Procedure Step Status (0040,0020), PS3.3 C.4.10; the last two are this archive's own terms.
  static constexpr std::string_view kScheduled = "SCHEDULED";
  static constexpr std::string_view kStarted = "STARTED";
  static constexpr std::string_view kCompleted = "COMPLETED";
  static constexpr std::string_view kDiscontinued = "DISCONTINUED";

  virtual ~Worklist() = default;
  /// Adds an item, or replaces the one of this id: 1 to 250 bytes that the caller chooses, such as `hl7/4711`. A
  /// status that the new data set lacks stays what it was.
  virtual void put(std::string_view id, std::string_view origin, std::span<const std::byte> data_set) = 0;
  virtual void remove(std::string_view id) = 0;
  /// Items that match the keys of an identifier as in a C-FIND (PS3.4 K.2.2.1); an empty one: all. Whole data sets.
  virtual std::unique_ptr<WorklistCursor> find(std::span<const std::byte> identifier) = 0;
  virtual void set_status(std::string_view id, std::string_view status) = 0;
};

}  // namespace fermata

#include "fermata/bridge/worklist.hpp"  // IWYU pragma: export
