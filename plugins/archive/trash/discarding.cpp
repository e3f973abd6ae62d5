#include "trash/discarding.hpp"

#include "stored_object.hpp"

namespace fermata::archive {

uint64_t Discarding::finish_all() {
  uint64_t finished = 0;
  for (auto& record : records_.all()) {
    if (record.state != TrashRecord::State::discarding) continue;
    finish(record);
    ++finished;
  }
  return finished;
}

void Discarding::finish(TrashRecord& record) {
  const auto& part = record.parts.back();
  std::vector<std::string> still_there;
  for (uint64_t number = 1; number <= part.pages; ++number)
    for (auto& instance : records_.page(record.study, part, number)) {
      const auto indexed = find_instance(index_, instance.sop_instance);
      if (indexed && indexed->blob_key == instance.blob_key) still_there.push_back(std::move(instance.sop_instance));
    }
  remove_from_index(index_, record.study, still_there);
  record.state = TrashRecord::State::discarded;
  records_.put(record);
}

void remove_from_index(Index& index, std::string_view study, const std::vector<std::string>& sop_instances) {
  if (sop_instances.empty()) return;
  const auto transaction = index.begin(study);
  for (const auto& uid : sop_instances) transaction->remove(uid);
  transaction->commit();
}

}  // namespace fermata::archive
