#include "integrity/healing.hpp"

#include <algorithm>
#include <vector>

#include "fermata/checksum.hpp"
#include "integrity/integrity_service.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr uint64_t kMostCopies = 100;

void write(Ingest& ingest, BlobReader& copy, const std::string& key) {
  const auto writer = ingest.blobs.create(key);
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min<uint64_t>(kPiece, copy.length())));
  for (uint64_t at = 0, n = 0; (n = copy.read_at(at, piece)) != 0; at += n)
    writer->append(std::span(piece).first(static_cast<std::size_t>(n)));
  writer->commit();
}

/// A copy first, so that no moment is without one; as much of it as can be read.
void put_aside(Ingest& ingest, const std::string& key) {
  try {
    const auto blob = ingest.blobs.open(key);
    write(ingest, *blob, std::string(kQuarantine) + key);
  } catch (const Error& error) {
    if (error.code() == Code::not_found) return;
    if (error.code() != Code::conflict && error.code() != Code::io) throw;  // put aside before, or no more readable
    if (error.code() == Code::io) return;
  }
  ingest.deletions.settle();  // it may have replaced another that could not be removed
  remove_if_there(ingest.blobs, key);
  ingest.blobs.sync();
}

}  // namespace

bool still_names(Index& index, const StoredObject& record) {
  const auto indexed = find_instance(index, record.identity.sop_instance);
  return indexed && indexed->blob_key == record.blob_key && indexed->checksum == record.checksum;
}

void change_blob(Ingest& ingest, const StoredObject& damaged, const StoredObject& right) {
  const auto transaction = ingest.index.begin(right.identity.study);
  transaction->upsert(right.record());
  transaction->commit();
  // Durable before the old blob goes from its place: no record may name what is not there.
  ingest.index.sync();
  put_aside(ingest, damaged.blob_key);
}

std::optional<std::string> Healing::repair(const StoredObject& record) {
  if (auto done = repair_from_copies(record)) return done;
  return have_it_sent_again(record);
}

std::optional<std::string> Healing::repair_from_copies(const StoredObject& record) {
  const auto claim = ingest_.claims.acquire(record.identity.sop_instance);
  if (!still_names(ingest_.index, record)) return {};
  for (uint64_t number = 0; number < kMostCopies; ++number) {
    std::unique_ptr<BlobReader> copy;
    try {
      copy = copies_.copy(record.blob_key, number);
    } catch (const Error& error) {
      if (error.code() == Code::not_found) return {};
      continue;  // a copy that can't be opened is none
    }
    if (!is_right(*copy, record)) continue;
    auto lease = ingest_.keys.next();
    write(ingest_, *copy, lease.key());
    auto repaired = record;
    repaired.blob_key = lease.key();
    change_blob(ingest_, record, repaired);
    return "repaired from " + std::string(copies_.place());
  }
  return {};
}

/// The claim is not held here: it is the object that comes in which takes it.
std::optional<std::string> Healing::have_it_sent_again(const StoredObject& record) {
  const AwaitedObjects::Wait wait(ingest_.awaited, record);
  std::string trouble;
  try {
    if (!copies_.fetch(record.record())) return {};
  } catch (const Error& error) {
    if (error.code() == Code::unsupported) return {};  // whoever has made the copies knows of no such thing
    trouble = error.what();
  }
  const auto place = std::string(copies_.place());
  if (const auto came = wait.object().came(); !came.empty()) return "sent again by " + place + ": " + came;
  const auto problem = wait.object().problem();
  if (!problem.empty()) trouble = place + " has sent another: " + problem;
  throw Error(Code::unavailable, trouble.empty() ? place + " has not sent it" : trouble);
}

bool Healing::is_right(BlobReader& copy, const StoredObject& record) {
  try {
    if (copy.length() != record.blob_length) return false;
    StreamingChecksum checksum;
    std::vector<std::byte> piece(static_cast<std::size_t>(std::min<uint64_t>(kPiece, record.blob_length)));
    for (uint64_t at = record.data_set_offset, n = 0; (n = copy.read_at(at, piece)) != 0; at += n)
      checksum.add(std::span(piece).first(static_cast<std::size_t>(n)));
    return checksum.value() == record.checksum;
  } catch (const Error&) {
    return false;
  }
}

std::optional<std::string> Healing::index_again(const StoredObject& record, const StoredObject& stored) {
  const auto claim = ingest_.claims.acquire(record.identity.sop_instance);
  if (!still_names(ingest_.index, record) || stored.identity.sop_instance != record.identity.sop_instance ||
      stored.identity.study != record.identity.study || stored.identity.series != record.identity.series)
    return {};
  const auto transaction = ingest_.index.begin(record.identity.study);
  transaction->upsert(stored.record());
  transaction->commit();
  ingest_.index.sync();
  return "its record in the index was made anew";
}

std::optional<std::string> Healing::forget(const StoredObject& record) {
  const auto claim = ingest_.claims.acquire(record.identity.sop_instance);
  if (!still_names(ingest_.index, record) || exists(ingest_.blobs, record.blob_key)) return {};
  const auto transaction = ingest_.index.begin(record.identity.study);
  transaction->remove(record.identity.sop_instance);
  transaction->commit();
  ingest_.index.sync();
  return "taken out of the index: send instance " + record.identity.sop_instance + " again, of study " +
         record.identity.study;
}

std::optional<std::string> Healing::settle_orphan(const std::string& key) {
  StoredObject found;
  try {
    found = inspect_blob(ingest_.blobs, key, ingest_.settings.limits);
  } catch (const Refused&) {
    if (known_elsewhere_(key)) return {};
    put_aside(ingest_, key);
    return "put aside as " + std::string(kQuarantine) + key;
  } catch (const Error& error) {
    if (error.code() == Code::not_found || known_elsewhere_(key)) return {};
    if (error.code() != Code::corrupt) throw;
    put_aside(ingest_, key);
    return "put aside as " + std::string(kQuarantine) + key;
  }
  const auto claim = ingest_.claims.acquire(found.identity.sop_instance);
  const auto indexed = find_instance(ingest_.index, found.identity.sop_instance);
  if ((indexed && indexed->blob_key == key) || known_elsewhere_(key) || !exists(ingest_.blobs, key)) return {};
  if (indexed) {
    put_aside(ingest_, key);
    return "put aside as " + std::string(kQuarantine) + key;
  }
  const auto transaction = ingest_.index.begin(found.identity.study);
  transaction->upsert(found.record());
  transaction->commit();
  ingest_.index.sync();
  return "put into the index";
}

}  // namespace fermata::archive
