#include "trash/purging.hpp"

#include <chrono>
#include <thread>

#include "blob_removal.hpp"
#include "stored_object.hpp"

namespace fermata::archive {
namespace {

constexpr std::size_t kStep = 250;  // blobs

}  // namespace

uint64_t Purging::run(const TrashRecord& record) {
  ingest_.deletions.settle();
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
  std::vector<std::string> step;
  for (auto instance = page.begin(); instance != page.end();) {
    if (!is_indexed(*instance)) step.push_back(instance->blob_key);
    if (++instance != page.end() && step.size() < kStep) continue;
    remove_step(step);
    removed += step.size();
    step.clear();
  }
  return removed;
}

/// Where restoring has failed half-way, what is back is no longer the trash's.
bool Purging::is_indexed(const TrashedInstance& instance) const {
  const auto indexed = find_instance(ingest_.index, instance.sop_instance);
  return indexed && indexed->blob_key == instance.blob_key;
}

void Purging::remove_step(const std::vector<std::string>& keys) const {
  const auto begin = std::chrono::steady_clock::now();
  remove_blobs(ingest_.blobs, keys);
  ingest_.blobs.sync();
  if (stopping_) throw Error(Code::unavailable, "the archive is stopping: the study is purged after the next start");
  if (pace_ == Pace::gentle) std::this_thread::sleep_for(std::chrono::steady_clock::now() - begin);
}

}  // namespace fermata::archive
