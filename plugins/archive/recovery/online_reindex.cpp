#include "recovery/online_reindex.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace fermata::archive {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kBegun = "1";  // the checkpoint's format: the new index knows the rest
constexpr auto kSaveInterval = std::chrono::seconds(10);
constexpr auto kWorkAtOnce = std::chrono::milliseconds(20);
constexpr auto kLongestRest = std::chrono::seconds(2);
constexpr auto kLook = std::chrono::milliseconds(100);
constexpr uint64_t kChangesAtOnce = 1000;
constexpr uint64_t kLittle = 100;         // changes that may be left when writers have to wait
constexpr uint64_t kMostForgotten = 100;  // as in a walk of the integrity service

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

/// Leaves the machine to others for as long as it was used.
class Rest {
 public:
  void take(JobRun& run) {
    const auto worked = Clock::now() - since_;
    if (worked < kWorkAtOnce) return;
    const auto end = Clock::now() + std::min<Clock::duration>(worked, kLongestRest);
    for (auto left = end - Clock::now(); left.count() > 0 && !run.cancelled(); left = end - Clock::now())
      std::this_thread::sleep_for(std::min<Clock::duration>(left, kLook));
    since_ = Clock::now();
  }

 private:
  Clock::time_point since_ = Clock::now();
};

std::string summary(const ReindexPosition& p) {
  return std::to_string(p.duplicates) + " duplicates, " + std::to_string(p.trashed) + " in the trash, " +
         std::to_string(p.damaged) + " damaged";
}

bool is_pending(const Job& job) { return job.state == Job::State::waiting || job.state == Job::State::running; }

}  // namespace

void OnlineReindex::run(JobRun& run) {
  ready_();
  auto made = new_index(run);
  if (!made) return;
  ReindexPosition position;
  if (!read_blobs(*made, run, position) || !catch_up(*made, run)) return;
  refuse_losses(*made);
  made->take_over();
  made.reset();
  const auto held = ingest_.index.statistics();
  const auto text = std::to_string(held.instances) + " instances in " + std::to_string(held.studies) +
                    " studies are in the new index, which is in use; " + summary(position);
  ingest_.journal.log(LogLevel::info, "the index was made anew: " + text, {});
  problems_.note(run.id(), position.damaged);
  run.progress(position.blobs, position.blobs, text);
}

/// Null if there is nothing left to do: the program was ended between the switch and the end of the job.
std::unique_ptr<NewIndex> OnlineReindex::new_index(JobRun& run) {
  if (run.checkpoint().empty()) {
    auto made = renewal_.begin();
    run.save(bytes(kBegun));
    return made;
  }
  try {
    return renewal_.resume();
  } catch (const Error& error) {
    if (error.code() != Code::not_found) throw;
    run.progress(0, 0, "the new index is in use");
    return nullptr;
  }
}

/// False if it is to end before it is done.
bool OnlineReindex::read_blobs(NewIndex& made, JobRun& run, ReindexPosition& position) {
  BlobsIntoIndex blobs(ingest_, state_, made);
  const auto total = ingest_.index.statistics().instances;
  auto saved = Clock::now();
  for (Rest rest; !run.cancelled() && blobs.next(); rest.take(run)) {
    position = blobs.position();
    run.progress(position.blobs, std::max(total, position.blobs), "at " + position.key + "; " + summary(position));
    if (Clock::now() - saved < kSaveInterval) continue;
    blobs.save();
    run.save(bytes(kBegun));  // so that the queue knows that it has got on
    saved = Clock::now();
  }
  blobs.save();
  position = blobs.position();
  return !run.cancelled();
}

bool OnlineReindex::catch_up(NewIndex& made, JobRun& run) {
  while (!run.cancelled())
    if (made.catch_up(kChangesAtOnce) < kLittle) return true;
  return false;
}

void OnlineReindex::refuse_losses(NewIndex& made) {
  const auto old_one = ingest_.index.statistics().instances;
  const auto new_one = made.statistics().instances;
  if (old_one <= new_one + kMostForgotten) return;
  made.save({});  // the next attempt reads everything again
  throw Error(
      Code::conflict,
      "the files of " + std::to_string(old_one - new_one) +
          " objects are missing: is a disk not mounted? The index stays as it is. If they are gone for good, stop "
          "the archive and run `fermata reindex`");
}

uint64_t OnlineReindex::ask_for() {
  const auto jobs = queue_.list();
  for (Job job; jobs->next(job);)
    if (job.kind == kKind && is_pending(job)) return job.id;
  return queue_.add({kKind, "Make the index anew", bytes(kBegun), ""});
}

void OnlineReindex::tidy() {
  const auto jobs = queue_.list();
  for (Job job; jobs->next(job);)
    if (job.kind == kKind && job.state != Job::State::done) return;
  if (renewal_.abandon())
    ingest_.journal.log(LogLevel::info, "removed an index that was being made anew: no job goes on with it", {});
}

}  // namespace fermata::archive
