#include "recovery/deletion_journal.hpp"

#include <sstream>

#include "blob_removal.hpp"
#include "fermata/timestamp.hpp"
#include "stored_object.hpp"

namespace fermata::archive {
namespace {

constexpr std::string_view kCollection = "archive.deletions";
constexpr std::string_view kFormat = "1";

std::string encode(std::span<const DeletionJournal::Removal> removals) {
  std::string text(kFormat);
  text += '\n';
  for (const auto& r : removals)
    text += r.blob_key + '\t' + r.study + '\t' + r.sop_instance + '\t' + r.replaced_by + '\n';
  return text;
}

std::vector<DeletionJournal::Removal> decode(std::span<const std::byte> content) {
  std::istringstream text(std::string(reinterpret_cast<const char*>(content.data()), content.size()));
  std::string line;
  if (!std::getline(text, line) || line != kFormat)
    throw Error(Code::corrupt,
                "the state store's collection archive.deletions has an entry of an unknown format: "
                "start the version of the archive that wrote it");
  std::vector<DeletionJournal::Removal> removals;
  while (std::getline(text, line)) {
    std::istringstream fields(line);
    DeletionJournal::Removal r;
    std::getline(fields, r.blob_key, '\t');
    std::getline(fields, r.study, '\t');
    std::getline(fields, r.sop_instance, '\t');
    std::getline(fields, r.replaced_by, '\t');
    removals.push_back(std::move(r));
  }
  return removals;
}

}  // namespace

std::string DeletionJournal::plan(std::span<const Removal> removals) {
  const auto text = encode(removals);
  for (;;) {
    auto id = std::to_string(now_us()) + "-" + std::to_string(counter_++);
    try {
      state_.put(kCollection, id, std::as_bytes(std::span(text)), StateStore::kAbsent);
      return id;
    } catch (const Error& error) {
      if (error.code() != Code::conflict) throw;
    }
  }
}

void DeletionJournal::cancel(const std::string& id) { state_.remove(kCollection, id, StateStore::kAny); }

void DeletionJournal::finish(const std::string& id, std::span<const Removal> removals) {
  std::vector<std::string> keys;
  keys.reserve(removals.size());
  for (const auto& r : removals) keys.push_back(r.blob_key);
  remove_blobs(blobs_, keys);
  blobs_.sync();
  state_.remove(kCollection, id, StateStore::kAny);
}

void DeletionJournal::finish_replacement(const std::string& id, const Removal& removal) {
  try {
    finish(id, {&removal, 1});
  } catch (const std::exception&) {
    const std::lock_guard lock(mutex_);
    unsettled_.emplace_back(id, removal);
    throw;
  }
}

/// The document is durable with everything that the index has committed before it, the replacement among that.
void DeletionJournal::settle() {
  const std::lock_guard lock(mutex_);
  for (; !unsettled_.empty(); unsettled_.pop_back()) {
    auto [id, removal] = unsettled_.back();
    removal.replaced_by.clear();
    const auto text = encode({&removal, 1});
    state_.put(kCollection, id, std::as_bytes(std::span(text)), StateStore::kAny);
  }
}

bool DeletionJournal::plans(const std::string& blob_key) const {
  const auto cursor = state_.list(kCollection, {});
  for (Document document; cursor->next(document);)
    for (const auto& removal : decode(document.content))
      if (removal.blob_key == blob_key) return true;
  return false;
}

uint64_t DeletionJournal::redo(const Keep& keep) {
  std::vector<std::pair<std::string, std::vector<Removal>>> entries;
  const auto cursor = state_.list(kCollection, {});
  Document document;
  while (cursor->next(document)) entries.emplace_back(document.id, decode(document.content));
  uint64_t blobs = 0;
  for (const auto& [id, removals] : entries) {
    redo(id, removals, keep);
    blobs += removals.size();
  }
  return blobs;
}

void DeletionJournal::redo(const std::string& id, const std::vector<Removal>& removals, const Keep& keep) {
  std::vector<Removal> valid;
  for (const auto& removal : removals) take_from_index(removal) ? valid.push_back(removal) : keep(removal.blob_key);
  index_.sync();
  finish(id, valid);
}

/// False if the blob is to stay.
bool DeletionJournal::take_from_index(const Removal& removal) {
  const auto indexed = find_instance(index_, removal.sop_instance);
  if (indexed && indexed->blob_key != removal.blob_key) return true;
  if (!removal.replaced_by.empty() && !exists(blobs_, removal.replaced_by)) return !exists(blobs_, removal.blob_key);
  if (!indexed) return true;
  const auto transaction = index_.begin(removal.study);
  transaction->remove(removal.sop_instance);
  transaction->commit();
  return true;
}

}  // namespace fermata::archive
