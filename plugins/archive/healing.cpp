#include "healing.hpp"

#include <algorithm>
#include <vector>

#include "fermata/checksum.hpp"
#include "integrity_service.hpp"
#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kPiece = 1 << 20;
constexpr uint64_t kMostCopies = 100;

}  // namespace

bool Healing::still_names(const StoredObject& record) {
  const auto indexed = find_instance(ingest_.index, record.identity.sop_instance);
  return indexed && indexed->blob_key == record.blob_key && indexed->checksum == record.checksum;
}

std::optional<std::string> Healing::repair(const StoredObject& record) {
  const auto claim = ingest_.claims.acquire(record.identity.sop_instance);
  if (!still_names(record)) return {};
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
    write(*copy, lease.key());
    auto repaired = record;
    repaired.blob_key = lease.key();
    const auto transaction = ingest_.index.begin(repaired.identity.study);
    transaction->upsert(repaired.record());
    transaction->commit();
    // Durable before the old blob goes from its place: no record may name what is not there.
    ingest_.index.sync();
    put_aside(record.blob_key);
    return "repaired from " + std::string(copies_.place());
  }
  return {};
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

void Healing::write(BlobReader& copy, const std::string& key) {
  const auto writer = ingest_.blobs.create(key);
  std::vector<std::byte> piece(static_cast<std::size_t>(std::min<uint64_t>(kPiece, copy.length())));
  for (uint64_t at = 0, n = 0; (n = copy.read_at(at, piece)) != 0; at += n)
    writer->append(std::span(piece).first(static_cast<std::size_t>(n)));
  writer->commit();
}

/// A copy first, so that no moment is without one; as much of it as can be read.
void Healing::put_aside(const std::string& key) {
  try {
    const auto blob = ingest_.blobs.open(key);
    write(*blob, std::string(kQuarantine) + key);
  } catch (const Error& error) {
    if (error.code() == Code::not_found) return;
    if (error.code() != Code::conflict && error.code() != Code::io) throw;  // put aside before, or no more readable
    if (error.code() == Code::io) return;
  }
  ingest_.deletions.settle();  // it may have replaced another that could not be removed
  remove_if_there(ingest_.blobs, key);
  ingest_.blobs.sync();
}

std::optional<std::string> Healing::index_again(const StoredObject& record, const StoredObject& stored) {
  const auto claim = ingest_.claims.acquire(record.identity.sop_instance);
  if (!still_names(record) || stored.identity.sop_instance != record.identity.sop_instance ||
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
  if (!still_names(record) || exists(ingest_.blobs, record.blob_key)) return {};
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
    put_aside(key);
    return "put aside as " + std::string(kQuarantine) + key;
  } catch (const Error& error) {
    if (error.code() == Code::not_found || known_elsewhere_(key)) return {};
    if (error.code() != Code::corrupt) throw;
    put_aside(key);
    return "put aside as " + std::string(kQuarantine) + key;
  }
  const auto claim = ingest_.claims.acquire(found.identity.sop_instance);
  const auto indexed = find_instance(ingest_.index, found.identity.sop_instance);
  if ((indexed && indexed->blob_key == key) || known_elsewhere_(key) || !exists(ingest_.blobs, key)) return {};
  if (indexed) {
    put_aside(key);
    return "put aside as " + std::string(kQuarantine) + key;
  }
  const auto transaction = ingest_.index.begin(found.identity.study);
  transaction->upsert(found.record());
  transaction->commit();
  ingest_.index.sync();
  return "put into the index";
}

}  // namespace fermata::archive
