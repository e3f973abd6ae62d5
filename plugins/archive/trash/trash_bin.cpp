#include "trash/trash_bin.hpp"

#include <algorithm>

#include "fermata/timestamp.hpp"
#include "indexed_study.hpp"
#include "trash/discarding.hpp"
#include "trash/restoring.hpp"

namespace fermata::archive {
namespace {

using State = TrashRecord::State;

constexpr auto kInterval = std::chrono::minutes(1);

class Discarded final : public DiscardedStudyCursor {
 public:
  explicit Discarded(std::vector<TrashRecord> records) : records_(std::move(records)) {}
  bool next(DiscardedStudy& study) override {
    if (next_ == records_.size()) return false;
    const auto& r = records_[next_++];
    study = {r.study, r.identifier, r.user, r.discarded_us, r.purge_us, r.instances, r.bytes};
    return true;
  }

 private:
  const std::vector<TrashRecord> records_;
  std::size_t next_ = 0;
};

/// None of the parts has this name.
std::string new_part_name(const TrashRecord& record) {
  for (int64_t number = record.discarded_us;; ++number) {
    auto name = std::to_string(number);
    const bool taken = std::any_of(record.parts.begin(), record.parts.end(),
                                   [&](const TrashRecord::Part& part) { return part.name == name; });
    if (!taken) return name;
  }
}

[[noreturn]] void not_there(std::string_view study) {
  throw Error(Code::not_found, "study " + std::string(study) + " is not in the trash");
}

}  // namespace

// Turns --------------------------------------------------------------------------------------------------------------

class TrashBin::Turn {
 public:
  Turn(TrashBin& bin, std::string study) : bin_(&bin), study_(std::move(study)) {}
  Turn(Turn&& other) noexcept : bin_(other.bin_), study_(std::move(other.study_)) { other.bin_ = nullptr; }
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (bin_ == nullptr) return;
    const std::lock_guard lock(bin_->turns_mutex_);
    bin_->turns_.erase(study_);
  }

 private:
  TrashBin* bin_;
  std::string study_;
};

std::optional<TrashBin::Turn> TrashBin::try_turn(std::string_view study) {
  const std::lock_guard lock(turns_mutex_);
  if (!turns_.emplace(study).second) return {};
  return Turn(*this, std::string(study));
}

TrashBin::Turn TrashBin::turn(std::string_view study) {
  auto granted = try_turn(study);
  if (!granted)
    throw Error(Code::conflict, "study " + std::string(study) +
                                    " is just being discarded, restored or purged: try again when that is done");
  return std::move(*granted);
}

// Discarding ---------------------------------------------------------------------------------------------------------

uint64_t TrashBin::discard(std::string_view study, std::string_view user, int64_t purge_us) {
  if (study.empty()) throw Error(Code::invalid, "it takes a Study Instance UID to discard a study");
  const auto mine = turn(study);
  auto before = records_.find(study);
  if (before && before->state == State::restoring)
    throw Error(Code::conflict, "study " + std::string(study) + " is not restored in full yet: restore it again first");
  if (before && before->state == State::purging)
    throw Error(Code::conflict,
                "what was in study " + std::string(study) + " earlier is being purged: try again later");
  const bool finished = before && before->state == State::discarding;
  if (finished) finish_discarding(*before);

  const std::lock_guard lock(removals_);
  const auto claims = ingest_.claims.acquire_all(IndexedStudy(ingest_.index, study).uids());
  const IndexedStudy found(ingest_.index, study);  // again: one may have been replaced
  if (found.instances().empty() && finished) return before->instances;
  if (found.instances().empty()) throw Error(Code::not_found, "there is no study " + std::string(study));

  TrashRecord record = before.value_or(TrashRecord{});
  record.study = study;
  record.state = State::discarding;
  record.user = user;
  record.discarded_us = now_us();
  record.purge_us = std::max(purge_us, before ? before->purge_us : purge_us);
  record.instances += found.instances().size();
  record.bytes += found.bytes();
  record.identifier = found.identifier();
  put_in(std::move(record), before, found);
  return found.instances().size();
}

/// The record's `put` is the step that decides: before it the study is there, after it the study is in the trash.
void TrashBin::put_in(TrashRecord record, const std::optional<TrashRecord>& before, const IndexedStudy& study) {
  record.parts.push_back(records_.write_part(record.study, new_part_name(record), study.instances()));
  try {
    records_.put(record);
  } catch (const std::exception&) {
    take_back(record, before);
    throw;
  }
  try {
    remove_from_index(ingest_.index, record.study, study.uids());
  } catch (const std::exception&) {
    if (study.is_still_indexed()) {
      take_back(record, before);
      throw;
    }
  }
  const std::initializer_list<Field> fields{{"study_instance_uid", record.study},
                                            {"instances", std::to_string(study.instances().size())}};
  ingest_.journal.log(LogLevel::info, "a study is in the trash", fields);
  ingest_.journal.count("discarded_studies_total", 1);
  record.state = State::discarded;
  try {
    records_.put(record);
  } catch (const std::exception& error) {
    ingest_.journal.log(LogLevel::warning,
                        std::string("the trash has not noted that a study is discarded: ") + error.what(), fields);
  }
}

void TrashBin::take_back(const TrashRecord& record, const std::optional<TrashRecord>& before) {
  try {
    if (!before) return records_.erase(record);
    records_.put(*before);
    records_.erase_part(record.study, record.parts.back());
  } catch (const std::exception& error) {
    ingest_.journal.log(
        LogLevel::error,
        std::string("a study that could not be discarded is discarded later after all: ") + error.what(),
        {{"study_instance_uid", record.study}});
  }
}

void TrashBin::finish_discarding(TrashRecord& record) {
  const std::lock_guard lock(removals_);
  const auto& part = record.parts.back();
  std::vector<std::string> uids;
  for (uint64_t number = 1; number <= part.pages; ++number)
    for (auto& instance : records_.page(record.study, part, number)) uids.push_back(std::move(instance.sop_instance));
  const auto claims = ingest_.claims.acquire_all(std::move(uids));
  Discarding(ingest_.index, records_).finish(record);
}

// Restoring and purging ----------------------------------------------------------------------------------------------

/// With every discard finished.
TrashRecord TrashBin::found(std::string_view study) {
  auto record = records_.find(study);
  if (!record) not_there(study);
  if (record->state == State::discarding) finish_discarding(*record);
  return std::move(*record);
}

uint64_t TrashBin::restore(std::string_view study) {
  const auto mine = turn(study);
  auto record = found(study);
  if (record.state == State::purging) not_there(study);
  return restore_found(std::move(record));
}

uint64_t TrashBin::restore_found(TrashRecord record) {
  if (record.state != State::restoring) {
    record.state = State::restoring;
    records_.put(record);
  }
  const auto count = Restoring(ingest_, records_, removals_, stopping_, record).run();
  ingest_.journal.log(LogLevel::info, "a study is back from the trash",
                      {{"study_instance_uid", record.study}, {"instances", std::to_string(count)}});
  ingest_.journal.count("restored_studies_total", 1);
  return count;
}

uint64_t TrashBin::purge(std::string_view study) {
  const auto mine = turn(study);
  return purge_found(found(study), Purging::Pace::at_once);
}

uint64_t TrashBin::purge_found(TrashRecord record, Purging::Pace pace) {
  if (record.state != State::purging) {
    record.state = State::purging;
    records_.put(record);
  }
  const auto count = Purging(ingest_, records_, stopping_, pace).run(record);
  ingest_.journal.log(LogLevel::info, "a study is purged from the trash",
                      {{"study_instance_uid", record.study}, {"instances", std::to_string(count)}});
  ingest_.journal.count("purged_studies_total", 1);
  return count;
}

std::unique_ptr<DiscardedStudyCursor> TrashBin::list() {
  auto records = records_.all();
  std::erase_if(records, [](const TrashRecord& r) { return r.state == State::purging; });
  std::sort(records.begin(), records.end(),
            [](const TrashRecord& a, const TrashRecord& b) { return a.discarded_us > b.discarded_us; });
  return std::make_unique<Discarded>(std::move(records));
}

// What is due --------------------------------------------------------------------------------------------------------

void TrashBin::start() {
  stopping_ = false;
  periodic_.start(kInterval, ingest_.journal, [this] { tend(now_us()); });
}

void TrashBin::stop() noexcept {
  stopping_ = true;
  periodic_.stop();
}

void TrashBin::tend(int64_t now_us) {
  for (const auto& record : records_.all()) {
    if (stopping_) return;
    if (record.state == State::discarded && record.purge_us > now_us) continue;
    try {
      tend_one(record.study, now_us);
    } catch (const std::exception& error) {
      if (stopping_) return;
      ingest_.journal.log(LogLevel::error,
                          std::string("what is due in the trash could not be done, it is tried again: ") + error.what(),
                          {{"study_instance_uid", record.study}});
    }
  }
}

void TrashBin::tend_one(const std::string& study, int64_t now_us) {
  const auto mine = try_turn(study);
  if (!mine) return;
  auto record = records_.find(study);
  if (!record) return;
  switch (record->state) {
    case State::discarding:
      finish_discarding(*record);
      return;
    case State::restoring:
      restore_found(std::move(*record));
      return;
    case State::discarded:
      if (record->purge_us > now_us) return;
      [[fallthrough]];
    case State::purging:
      purge_found(std::move(*record), Purging::Pace::gentle);
  }
}

}  // namespace fermata::archive
