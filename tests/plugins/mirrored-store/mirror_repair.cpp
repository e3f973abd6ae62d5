#include "mirror_repair.hpp"

#include <optional>
#include <string>
#include <vector>

#include "fermata/error.hpp"

namespace mirrored_store {

using namespace fermata;

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

// tutorial: copy
void copy_blob(BlobStore& from, BlobStore& to, std::string_view key) {
  const auto reader = from.open(key);
  const auto writer = to.create(key);
  const auto length = reader->length();
  std::vector<std::byte> piece(kPiece);
  for (uint64_t at = 0; at < length;) {
    const auto count = reader->read_at(at, piece);
    if (count == 0) throw Error(Code::io, "a blob ends before its length");
    writer->append(std::span(piece).first(count));
    at += count;
  }
  writer->commit();
}
// tutorial: end

bool has(BlobStore& store, std::string_view key) {
  try {
    store.open(key);
    return true;
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
    return false;
  }
}

/// A cursor that stands on an entry.
class Walk {
 public:
  explicit Walk(BlobStore& store) : cursor_(store.list({})) { next(); }
  bool at_end() const { return !there_; }
  const std::string& key() const { return key_; }
  uint64_t length() const { return entry_.length; }
  void next() {
    there_ = cursor_->next(entry_);
    if (there_) key_ = entry_.key;
  }

 private:
  const std::unique_ptr<BlobCursor> cursor_;
  BlobEntry entry_;
  std::string key_;
  bool there_ = false;
};

}  // namespace

// tutorial: repair
RepairReport MirrorRepair::run(const Tell& tell, const std::function<bool()>& wanted) {
  report_ = {};
  Walk main(main_);
  Walk copy(copy_);
  while (wanted() && !(main.at_end() && copy.at_end())) {
    const bool only_main = copy.at_end() || (!main.at_end() && main.key() < copy.key());
    const bool only_copy = main.at_end() || (!copy.at_end() && copy.key() < main.key());
    if (only_main) {
      attempt(main.key(), tell, report_.copied, [&] { complete(main.key()); });
    } else if (only_copy) {
      handle_lost(copy.key(), tell);
    } else if (main.length() == copy.length()) {
      ++report_.equal;
    } else {
      attempt(main.key(), tell, report_.copied, [&] {
        copy_.remove(copy.key());
        complete(main.key());
      });
    }
    if (!only_copy) main.next();
    if (!only_main) copy.next();
  }
  return report_;
}
// tutorial: end

/// Whoever removes the blob meanwhile may have looked for the copy too early.
void MirrorRepair::complete(std::string_view key) {
  copy_blob(main_, copy_, key);
  if (!has(main_, key)) copy_.remove(key);
}

void MirrorRepair::attempt(std::string_view key, const Tell& tell, uint64_t& done, const std::function<void()>& step) {
  try {
    step();
    ++done;
  } catch (const Error& error) {
    if (error.code() == Code::not_found || error.code() == Code::conflict) return;  // removed or written meanwhile
    ++report_.failed;
    tell(key, error.what());
  }
}

/// A blob that was written after the main store was listed is in both by now.
void MirrorRepair::handle_lost(std::string_view key, const Tell& tell) {
  if (has(main_, key)) return;
  ++report_.only_in_copy;
  if (lost_ == Lost::restore)
    attempt(key, tell, report_.restored, [&] { copy_blob(copy_, main_, key); });
  else
    tell(key, "only the copy has it");
}

}  // namespace mirrored_store
