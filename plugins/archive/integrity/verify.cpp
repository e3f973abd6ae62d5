#include "integrity/verify.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "file_meta.hpp"
#include "integrity/integrity_service.hpp"
#include "refusal.hpp"
#include "stored_object.hpp"

namespace fermata::archive {
namespace {

bool same_bulk(const std::vector<BulkValue>& a, std::span<const BulkValue> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const BulkValue& x, const BulkValue& y) {
    return x.tag == y.tag && x.vr[0] == y.vr[0] && x.vr[1] == y.vr[1] && x.offset == y.offset && x.length == y.length;
  });
}

}  // namespace

std::string difference(const StoredObject& stored, const InstanceRecord& record) {
  if (stored.checksum != record.checksum) return "its checksum is not the one at receipt";
  if (stored.blob_length != record.blob_length || stored.data_set_offset != record.data_set_offset)
    return "its length is not the index's";
  if (stored.transfer_syntax_uid != record.transfer_syntax_uid) return "its transfer syntax is not the index's";
  if (stored.identity.study != record.study_instance_uid || stored.identity.series != record.series_instance_uid ||
      stored.identity.sop_instance != record.sop_instance_uid || stored.identity.sop_class != record.sop_class_uid)
    return "its UIDs are not the index's";
  if (!std::equal(stored.header.begin(), stored.header.end(), record.header.begin(), record.header.end()))
    return "its header is not the index's: run `fermata reindex`";
  if (!same_bulk(stored.bulk, record.bulk)) return "its bulk values are not the index's: run `fermata reindex`";
  return {};
}

VerifyReport Verification::run(const Problem& problem, const Progress& progress) {
  VerifyReport report;
  trashed_.load(trash_);
  const auto end = ingest_ == nullptr ? std::string() : ingest_->keys.settled();
  const auto note = [&](std::string_view key, const std::string& what) {
    if (what.empty()) return;
    ++report.problems;
    problem(key, what);
  };
  Selection everything;
  everything.with_headers = true;
  const auto instances = index_.instances(everything);
  InstanceRecord record;
  while (instances->next(record)) {
    note(record.blob_key, check_now(record));
    ++report.instances;
    report.bytes += record.blob_length;
    progress(report);
  }
  const auto blobs = blobs_.list({});
  BlobEntry entry;
  while (blobs->next(entry)) note(entry.key, check_known(entry.key, end));
  report.trashed = trashed_.size();
  trashed_.for_each([&](const std::string& key, TrashRecord::State state) { note(key, check_trashed(key, state)); });
  return report;
}

std::string Verification::check(const InstanceRecord& record) {
  try {
    return difference(inspect_blob(blobs_, record.blob_key, limits_), record);
  } catch (const Refused& refused) {
    return std::string("it is damaged: ") + refused.what();
  } catch (const Error& error) {
    return error.code() == Code::not_found ? "it is missing" : error.what();
  }
}

/// The cursor is on a snapshot: a problem is one only while the record is what it was.
std::string Verification::check_now(const InstanceRecord& record) {
  auto problem = check(record);
  if (problem.empty()) return problem;
  const auto now = find_instance(index_, record.sop_instance_uid);
  return now && now->blob_key == record.blob_key && now->checksum == record.checksum ? problem : std::string();
}

/// Of what comes and goes, some are known by no list for a moment.
bool Verification::is_elsewhere(const std::string& key) {
  if (ingest_ == nullptr) return false;
  if (ingest_->deletions.plans(key) || !exists(blobs_, key)) return true;
  TrashedBlobs now;
  now.load(trash_);
  return now.contains(key);
}

/// Nothing if the index has a record of this blob, or the trash, or it has come since `end`.
std::string Verification::check_known(std::string_view key, const std::string& end) {
  if (trashed_.contains(key) || is_quarantined(key)) return {};
  if (BlobKeys::is_own(key) && !end.empty() && key > end) return {};
  try {
    const auto meta = read_file_meta(*blobs_.open(key)).meta;
    auto indexed = find_instance(index_, meta.sop_instance_uid);
    if ((!indexed || indexed->blob_key != key) && is_elsewhere(std::string(key))) return {};
    if (!indexed) return "the index doesn't know it: run `fermata reindex`";
    if (indexed->blob_key != key) return "the index has another blob for its instance";
    return {};
  } catch (const Error& error) {
    return is_elsewhere(std::string(key)) ? std::string() : error.what();
  }
}

/// While a study is being restored or purged, blobs are missing rightly.
std::string Verification::check_trashed(const std::string& key, TrashRecord::State state) {
  if (state != TrashRecord::State::discarded || exists(blobs_, key)) return {};
  TrashedBlobs now;
  now.load(trash_);
  if (!now.contains(key)) return {};
  return "it is missing, and can't be restored from the trash";
}

int32_t VerifyCommand::run_at(Console& console, std::span<const std::string_view> arguments) {
  if (!arguments.empty()) throw Error(Code::invalid, "it takes no arguments; usage:\n" + std::string(usage()));
  using Clock = std::chrono::steady_clock;
  auto shown = Clock::now();
  ConsoleStream out(console);
  const auto tell = [&](const VerifyReport& so_far) {
    if (Clock::now() - shown < std::chrono::seconds(2)) return;
    shown = Clock::now();
    if (console.gone()) throw Error(Code::cancelled, "the archive is about to stop");
    console.report(std::to_string(so_far.instances) + " objects, " + std::to_string(so_far.bytes >> 20) + " MiB, " +
                   std::to_string(so_far.problems) + " problems\n");
  };
  Verification verification(ingest_.blobs, ingest_.index, state_, ingest_.settings.limits, &ingest_);
  const auto report =
      verification.run([&](std::string_view key, std::string_view what) { out << key << ": " << what << '\n'; }, tell);
  out << report.instances << " instances, " << (report.bytes >> 20) << " MiB, " << report.problems << " problems\n";
  if (report.trashed != 0) out << report.trashed << " instances in the trash\n";
  return report.problems == 0 ? 0 : 1;
}

}  // namespace fermata::archive
