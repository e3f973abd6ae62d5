#include "removed_resources.hpp"

#include <functional>
#include <string>

namespace fermata::dicomweb {
namespace {

constexpr std::size_t kChangesAtOnce = 20'000;
constexpr std::size_t kMostResources = 300'000;

std::size_t hash_of(const Resource& resource) { return std::hash<std::string>{}(resource.path()); }

}  // namespace

bool RemovedResources::contains(const Resource& resource) {
  if (resource.study.empty()) return false;
  const std::lock_guard lock(mutex_);
  catch_up();
  return removed_.count(hash_of(resource)) != 0;
}

void RemovedResources::catch_up() {
  try {
    const auto changes = archive_.changes(seen_);
    Change change;
    for (std::size_t i = 0; i < kChangesAtOnce && changes->next(change); ++i) take_note_of(change);
  } catch (const Error&) {
    // 404 is no lie, and whoever can't read the list has other troubles to tell of.
  }
}

void RemovedResources::take_note_of(const Change& change) {
  seen_ = change.sequence;
  if (removed_.size() > kMostResources) removed_.clear();
  Resource resource{std::string(change.study_instance_uid), std::string(change.series_instance_uid),
                    std::string(change.sop_instance_uid)};
  const auto note = [&] {
    if (change.kind == Change::Kind::removed)
      removed_.insert(hash_of(resource));
    else
      removed_.erase(hash_of(resource));
  };
  note();
  resource.instance.clear();
  note();
  resource.series.clear();
  note();
}

}  // namespace fermata::dicomweb
