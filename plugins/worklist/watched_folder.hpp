#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "fermata/journal.hpp"
#include "fermata/state_store.hpp"
#include "fermata/worklist.hpp"

namespace fermata::worklist {

/// A folder whose files become worklist items. It is looked at now and then, which works on every file system; a file
/// is taken once it looks the same twice in a row, so that none is taken half written.
///
/// What was taken is kept in the state store, so that a restart takes only what has changed. A file that can't be
/// understood stays where it is, and a note beside it, `NAME.rejected`, says why. Items are called `file/NAME/1`, with
/// `.1`, `.2` for the steps of one request.
/// *Used by* the plugin, on a thread of its own. **Thread**: one at a time. **Ownership**: borrows all.
/// **Errors**: io (of the store); a folder that can't be read is logged, and its items stay.
class WatchedFolder {
 public:
  WatchedFolder(std::filesystem::path folder, bool remove_with_file, Worklist& worklist, StateStore& store,
                const Journal& journal);

  /// Makes the folder if there is none, and reads what was taken before. Error io.
  void open();
  void scan();

 private:
  /// What a file looked like; equal if it has not been written in between.
  struct Stamp {
    uint64_t size = 0;
    int64_t modified_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  struct Taken {
    Stamp stamp;
    std::vector<std::string> items;  ///< their ids
  };
  using Stamps = std::map<std::string, Stamp, std::less<>>;

  Stamps look() const;
  void take(const std::string& name, const Stamp& stamp);
  std::vector<std::string> put_items(const std::string& name);
  void reject(const std::string& name, const std::string& why);
  void forget_missing(const Stamps& present);
  void remove_items(const std::vector<std::string>& ids);
  void keep(const std::string& name, Taken taken);
  std::filesystem::path note(const std::string& name) const { return folder_ / (name + ".rejected"); }

  const std::filesystem::path folder_;
  const bool remove_with_file_;
  Worklist& worklist_;
  StateStore& store_;
  const Journal& journal_;
  std::string problem_;
  Stamps before_;                                    ///< at the last look
  std::map<std::string, Taken, std::less<>> taken_;  ///< also those that were rejected
};

}  // namespace fermata::worklist
