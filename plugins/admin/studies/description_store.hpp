#pragma once
#include <map>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/state_store.hpp"

namespace fermata::admin {

/// Which descriptions the studies have. An archive has many studies and few descriptions: a word within one is found
/// among these, and the studies then by the whole description, which the index knows.
///
/// In memory, and in the state store (collection `admin.descriptions`, a document for each). What no study has any more
/// stays. **Thread**: any. **Ownership**: borrows the store. **Errors**: those of the store.
class DescriptionStore {
 public:
  /// More are not kept: then descriptions are found by their beginnings only.
  static constexpr std::size_t kMost = 100'000;

  explicit DescriptionStore(StateStore& store);

  /// Durable when it returns; quick where the description is known.
  void add(std::string_view description);
  /// Those that have a word that begins with `word`, which is folded; at most `limit`.
  std::vector<std::string> with_word(std::string_view word, std::size_t limit) const;

 private:
  StateStore& store_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::string, std::less<>> folded_;  ///< by description as it is
};

/// Whether a word of `text` begins so; both are folded.
bool has_word_with(std::string_view text, std::string_view beginning);

}  // namespace fermata::admin
