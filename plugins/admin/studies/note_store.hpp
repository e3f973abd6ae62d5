#pragma once
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "fermata/state_store.hpp"

namespace fermata::admin {

/// Notes on studies, a text for each origin: "Horos/OsiriX". In the state store only (collection `admin.notes`, a
/// document for each study with notes).
///
/// **Thread**: any. **Ownership**: borrows the store. **Durability**: as StateStore. **Errors**: invalid (a text of
/// more than 16 KiB, an origin that is none), corrupt (a document that is none).
class NoteStore {
 public:
  static constexpr std::size_t kLongest = 16 * 1024;
  static constexpr std::size_t kLongestOrigin = 40;

  explicit NoteStore(StateStore& store) : store_(store) {}

  /// By origin.
  std::map<std::string, std::string> of(std::string_view study) const;
  /// In place of the one of this origin; an empty text takes it away.
  void put(std::string_view study, std::string_view origin, std::string_view text);

 private:
  StateStore& store_;
  std::mutex writing_;
};

}  // namespace fermata::admin
