#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fermata/state_store.hpp"

namespace fermata::archive {

/// A blob in the trash, and the instance it holds.
struct TrashedInstance {
  std::string blob_key;
  std::string sop_instance;
};

/// What is known of one study in the trash: the document whose presence means that it is there. **Thread**: a value.
struct TrashRecord {
  enum class State : uint8_t {
    discarding,  ///< the index may still have instances of the last part
    discarded,
    restoring,  ///< the index may have some already
    purging,    ///< some blobs may be gone already
  };
  /// What left the index in one step: pages of TrashedInstances.
  struct Part {
    std::string name;
    uint64_t pages = 0;
  };

  std::string study;
  State state = State::discarding;
  std::string user;
  int64_t discarded_us = 0;
  int64_t purge_us = 0;
  uint64_t instances = 0;
  uint64_t bytes = 0;
  std::vector<Part> parts;  ///< one for each time it was discarded, latest last
  std::vector<std::byte> identifier;
};

/// The trash's documents in the state store; docs/adr/0005-trash.md says in which order they are written.
///
/// **Thread**: any, one at a time for each study. **Errors**: those of the state store; corrupt (an unknown format).
class TrashRecords {
 public:
  explicit TrashRecords(StateStore& state) : state_(state) {}

  std::vector<TrashRecord> all() const;
  std::optional<TrashRecord> find(std::string_view study) const;
  void put(const TrashRecord& record);
  /// The record, and then its pages: those that can't be removed belong to nobody, and go at the next start.
  void erase(const TrashRecord& record);

  /// Writes down instances of a study under a name that no part of its record has.
  TrashRecord::Part write_part(std::string_view study, std::string name, std::span<const TrashedInstance> instances);
  void erase_part(std::string_view study, const TrashRecord::Part& part);
  /// Of a part, from 1 to its number of pages. Empty if it was erased.
  std::vector<TrashedInstance> page(std::string_view study, const TrashRecord::Part& part, uint64_t number) const;
  void erase_page(std::string_view study, const TrashRecord::Part& part, uint64_t number);
  /// Removes pages of no record: a stop has interrupted what they were written for, or their removal. At the start
  /// only.
  void drop_strays();

 private:
  StateStore& state_;
};

/// The blobs that are in the trash, looked up once. **Thread**: any, after `load`.
class TrashedBlobs {
 public:
  void load(const TrashRecords& records);
  bool contains(std::string_view key) const { return states_.find(std::string(key)) != states_.end(); }
  std::size_t size() const { return states_.size(); }
  void for_each(const std::function<void(const std::string& key, TrashRecord::State state)>& call) const {
    for (const auto& [key, state] : states_) call(key, state);
  }

 private:
  std::unordered_map<std::string, TrashRecord::State> states_;
};

}  // namespace fermata::archive
