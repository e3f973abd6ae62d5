#include "recovery/recovery.hpp"

#include <chrono>

#include "blob_keys.hpp"
#include "file_meta.hpp"
#include "integrity/integrity_service.hpp"
#include "refusal.hpp"
#include "trash/discarding.hpp"

namespace fermata::archive {
namespace {

constexpr std::string_view kCollection = "archive.recovery";
constexpr std::string_view kMark = "mark";
constexpr std::string_view kFormat = "1\n";
constexpr auto kSaveInterval = std::chrono::seconds(5);

}  // namespace

std::string RecoveryMark::read() {
  const auto cursor = state_.list(kCollection, kMark);
  Document document;
  if (!cursor->next(document) || document.id != kMark) return {};
  const std::string_view text(reinterpret_cast<const char*>(document.content.data()), document.content.size());
  if (text.substr(0, kFormat.size()) != kFormat)
    throw Error(Code::corrupt,
                "the state store's collection archive.recovery has a format that this version doesn't know: "
                "start the version of the archive that wrote it, or run `fermata reindex`");
  return std::string(text.substr(kFormat.size()));
}

void RecoveryMark::write(std::string_view key) {
  const auto text = std::string(kFormat) + std::string(key);
  state_.put(kCollection, kMark, std::as_bytes(std::span(text)), StateStore::kAny);
}

void RecoveryMark::erase() {
  try {
    state_.remove(kCollection, kMark, StateStore::kAny);
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
  }
}

Recovery::Recovery(BlobStore& blobs, Index& index, StateStore& state, const Settings& settings, Journal journal)
    : blobs_(blobs),
      index_(index),
      settings_(settings),
      journal_(std::move(journal)),
      deletions_(blobs, index, state),
      trash_(state),
      mark_(state) {}

RecoveryReport Recovery::run(const Progress& progress) {
  RecoveryReport report;
  trash_.drop_strays();
  trashed_.load(trash_);
  const auto removed = deletions_.redo([&](const std::string& key) { visit(key, Losers::keep, report); });
  if (removed != 0)
    journal_.log(LogLevel::info, "completed removals that a stop had interrupted",
                 {{"blobs", std::to_string(removed)}});
  // Before the walk: a record that names a discarded blob must not win against one that has come since then.
  if (const auto discards = Discarding(index_, trash_).finish_all(); discards != 0)
    journal_.log(LogLevel::info, "completed discards that a stop had interrupted",
                 {{"studies", std::to_string(discards)}});
  auto mark = mark_.read();
  const bool lost = index_was_lost(mark);
  if (lost) {
    journal_.log(LogLevel::warning,
                 "the index is empty, but there are blobs: it is made anew from them; this reads them all", {});
    mark.clear();
  }
  walk(mark, lost ? Losers::keep : Losers::remove, progress, report);
  if (report.last_key.empty()) report.last_key = mark;
  if (report.indexed != 0 || report.damaged != 0)
    journal_.log(LogLevel::info, "recovered what the last stop had interrupted",
                 {{"indexed", std::to_string(report.indexed)}, {"damaged", std::to_string(report.damaged)}});
  return report;
}

RecoveryReport Recovery::rebuild(const Progress& progress) {
  trashed_.load(trash_);
  deletions_.redo([](const std::string&) {});
  mark_.erase();
  index_.clear();
  RecoveryReport report;
  walk({}, Losers::keep, progress, report);
  return report;
}

bool Recovery::index_was_lost(const std::string& mark) {
  if (!mark.empty() && index_.statistics().instances != 0) return false;
  BlobEntry first;
  const auto cursor = blobs_.list({});
  while (cursor->next(first))
    if (!trashed_.contains(first.key) && !is_quarantined(first.key)) return mark.empty() || first.key <= mark;
  return false;
}

void Recovery::walk(const std::string& after, Losers losers, const Progress& progress, RecoveryReport& report) {
  auto saved = std::chrono::steady_clock::now();
  const auto cursor = blobs_.list(after);
  BlobEntry entry;
  while (cursor->next(entry)) {
    const std::string key(entry.key);
    if (is_quarantined(key)) continue;
    report.bytes += entry.length;
    visit(key, losers, report);
    if (BlobKeys::is_own(key)) report.last_key = key;
    if (progress) progress(report);
    if (std::chrono::steady_clock::now() - saved < kSaveInterval) continue;
    save(report.last_key);
    saved = std::chrono::steady_clock::now();
  }
  save(report.last_key);
}

void Recovery::visit(const std::string& key, Losers losers, RecoveryReport& report) {
  if (trashed_.contains(key)) {
    ++report.trashed;
    return;
  }
  try {
    if (is_indexed(key)) {
      ++report.present;
      return;
    }
    const auto found = inspect_blob(blobs_, key, settings_.limits);
    const auto indexed = find_instance(index_, found.identity.sop_instance);
    if (indexed) return settle_conflict(found, *indexed, losers, report);
    put(found, nullptr);
    ++report.indexed;
  } catch (const Refused& refused) {
    ++report.damaged;
    journal_.log(LogLevel::error, std::string("a blob is damaged and not indexed: ") + refused.what(), {{"blob", key}});
  } catch (const Error& error) {
    if (error.code() != Code::corrupt) throw;
    ++report.damaged;
    journal_.log(LogLevel::error, std::string("a blob is damaged and not indexed: ") + error.what(), {{"blob", key}});
  }
}

/// Reads the beginning of the file only.
bool Recovery::is_indexed(const std::string& key) {
  const auto blob = blobs_.open(key);
  const auto indexed = find_instance(index_, read_file_meta(*blob).meta.sop_instance_uid);
  return indexed && indexed->blob_key == key;
}

void Recovery::settle_conflict(const StoredObject& found, const StoredObject& indexed, Losers losers,
                               RecoveryReport& report) {
  const bool won = wins(found, indexed);
  if (won) {
    put(found, &indexed);
    ++report.indexed;
  } else {
    ++report.duplicates;
  }
  const auto& loser = won ? indexed : found;
  if (!exists(blobs_, loser.blob_key)) return;
  journal_.log(LogLevel::warning,
               losers == Losers::remove ? "two blobs hold one instance: the other is removed"
                                        : "two blobs hold one instance: the other is not indexed",
               {{"sop_instance_uid", found.identity.sop_instance}, {"other", loser.blob_key}});
  if (losers == Losers::remove) remove_blob(loser);
}

/// An indexed object may have been acknowledged: it stays, unless its blob is gone or the later one is to replace it.
bool Recovery::wins(const StoredObject& found, const StoredObject& indexed) {
  if (!exists(blobs_, indexed.blob_key)) return true;
  return settings_.duplicates == DuplicatePolicy::replace && !found.same_bytes(indexed) &&
         found.blob_key > indexed.blob_key;
}

void Recovery::put(const StoredObject& object, const StoredObject* instead_of) {
  if (instead_of != nullptr &&
      (instead_of->identity.study != object.identity.study || instead_of->identity.series != object.identity.series)) {
    const auto removing = index_.begin(instead_of->identity.study);
    removing->remove(instead_of->identity.sop_instance);
    removing->commit();
  }
  const auto transaction = index_.begin(object.identity.study);
  transaction->upsert(object.record());
  transaction->commit();
}

void Recovery::remove_blob(const StoredObject& loser) {
  const DeletionJournal::Removal removal{loser.blob_key, loser.identity.study, loser.identity.sop_instance, {}};
  const auto plan = deletions_.plan({&removal, 1});
  index_.sync();
  deletions_.finish(plan, {&removal, 1});
}

void Recovery::save(const std::string& key) {
  if (key.empty()) return;
  index_.sync();
  mark_.write(key);
}

}  // namespace fermata::archive
