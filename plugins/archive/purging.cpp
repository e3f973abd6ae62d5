#include "purging.hpp"

#include <thread>

#include "stored_object.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kStep = 100;  // blobs

}  // namespace

uint64_t Purging::run(const TrashRecord& record) {
  uint64_t removed = 0;
  for (const auto& part : record.parts)
    for (uint64_t number = 1; number <= part.pages; ++number) {
      removed += remove_page(records_.page(record.study, part, number));
      records_.erase_page(record.study, part, number);
    }
  records_.erase(record);
  return removed;
}

uint64_t Purging::remove_page(const std::vector<TrashedInstance>& page) {
  uint64_t removed = 0;
  std::size_t in_step = 0;
  for (const auto& instance : page) {
    if (is_indexed(instance)) continue;
    remove_if_there(ingest_.blobs, instance.blob_key);
    ++removed;
    if (++in_step % kStep == 0) end_step();
  }
  if (in_step % kStep != 0) end_step();
  return removed;
}

/// Where restoring has failed half-way, what is back is no longer the trash's.
bool Purging::is_indexed(const TrashedInstance& instance) const {
  const auto indexed = find_instance(ingest_.index, instance.sop_instance);
  return indexed && indexed->blob_key == instance.blob_key;
}

void Purging::end_step() const {
  ingest_.blobs.sync();
  if (stopping_) throw Error(Code::unavailable, "the archive is stopping: the study is purged after the next start");
  if (pause_.count() != 0) std::this_thread::sleep_for(pause_);
}

}  // namespace fermata::archive
