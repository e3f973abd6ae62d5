#pragma once
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/application_entities.hpp"

namespace fermata::application_entities {

/// A refused caller with memory of its own: what RefusedCaller only views.
struct RefusedRecord {
  std::string calling_ae_title;
  std::string called_ae_title;
  std::string address;
  std::string wanted;
  std::string reason;
  int64_t first_us = 0;
  int64_t last_us = 0;
  uint64_t times = 0;

  bool operator==(const RefusedRecord&) const = default;
};

/// Who was turned away, one record for each calling AE title and address, in memory and bounded.
///
/// Of more than `capacity` callers, those are forgotten that were seen least recently. All texts become printable ASCII
/// of bounded length: they come from strangers. **Thread**: any; no function waits for anything.
class RefusedCallers {
 public:
  explicit RefusedCallers(std::size_t capacity) : capacity_(capacity) {}

  void remember(const Caller& caller, std::string_view wanted, std::string_view reason, int64_t now_us);
  void forget(std::string_view calling_ae_title, std::string_view address);
  /// Latest first.
  std::vector<RefusedRecord> all() const;

  /// Puts back what was kept between two runs, latest first.
  void restore(std::vector<RefusedRecord> records);
  /// All of them, if anything has changed since the last call.
  std::optional<std::vector<RefusedRecord>> take_changes();
  /// What `take_changes` returned could not be kept: it returns them again.
  void keep_changes();

 private:
  using Key = std::pair<std::string, std::string>;  ///< calling AE title and address
  using Records = std::list<RefusedRecord>;

  void add(Records::iterator where, RefusedRecord record);
  void drop_oldest();

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  Records records_;  ///< latest first
  std::map<Key, Records::iterator> by_caller_;
  bool changed_ = false;
};

}  // namespace fermata::application_entities
