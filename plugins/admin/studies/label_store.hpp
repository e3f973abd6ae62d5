#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fermata/state_store.hpp"

namespace fermata::admin {

/// Labels that people put on studies: "teaching", "second opinion". In memory, and in the state store (collection
/// `admin.labels`, a document for each study with labels).
///
/// A study that was deleted keeps its labels, until `forget`: it may come back. **Thread**: any. **Ownership**: borrows
/// the store. **Durability**: as StateStore. **Errors**: invalid (a label of more than 40 characters, more than 20
/// labels), corrupt (a document that is none).
class LabelStore {
 public:
  static constexpr std::size_t kLongest = 40;
  static constexpr std::size_t kMost = 20;

  explicit LabelStore(StateStore& store);

  std::vector<std::string> of(std::string_view study) const;
  /// Studies with this label.
  std::vector<std::string> studies(std::string_view label) const;
  /// Every label with its studies.
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> all() const;

  /// Puts these labels in place of all others and returns them: trimmed, each once, in alphabetical order.
  std::vector<std::string> set(std::string_view study, const std::vector<std::string>& labels);
  /// Puts these beside those that are there; what would be more than a study can have is left out.
  void add(std::string_view study, const std::vector<std::string>& labels);
  void forget(std::string_view study);

 private:
  using Set = std::set<std::string, std::less<>>;

  void keep(std::string_view study, const Set& labels);
  void put_in_memory(const std::string& study, const Set& labels);

  StateStore& store_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, Set, std::less<>> by_study_;
  std::map<std::string, Set, std::less<>> by_label_;
};

}  // namespace fermata::admin
