#include "job_table.hpp"

#include <algorithm>
#include <utility>

#include "fermata/error.hpp"
#include "fermata/free_memory.hpp"
#include "fermata/plain_text.hpp"
#include "retry_delay.hpp"

namespace fermata::jobs {
namespace {

constexpr std::size_t kLongestKind = 64;
constexpr std::size_t kLongestTitle = 1024;
constexpr std::size_t kLongestMessage = 4096;
constexpr std::size_t kMostParameters = std::size_t{512} << 10;
constexpr std::size_t kMostCheckpoint = std::size_t{384} << 10;  // with the rest, below a document's 1 MiB

using State = Job::State;

[[noreturn]] void refuse(uint64_t id, const std::string& why) {
  throw Error(Code::conflict, "job " + std::to_string(id) + " " + why);
}

void check(const JobRequest& request) {
  if (request.kind.empty() || request.kind.size() > kLongestKind)
    throw Error(Code::invalid, "the kind of a job is 1 to 64 bytes long");
  if (request.parameters.size() > kMostParameters)
    throw Error(Code::invalid, "the parameters of a job are larger than 512 KiB: make several jobs of it");
}

/// They can be long, and of a job that has ended nobody needs them.
void drop_parts(JobRecord& job) {
  free_memory(job.parameters);
  free_memory(job.checkpoint);
}

}  // namespace

JobTable::JobTable(StateStore& store, TableSettings settings, Clock now, Journal journal)
    : store_(store), settings_(settings), now_(std::move(now)), journal_(std::move(journal)) {}

void JobTable::load() {
  store_.for_each(
      [this](JobRecord&& job) { keep_loaded(std::move(job)); },
      [this](const std::string& problem) { journal_.log(LogLevel::error, "a job is left out: " + problem, {}); });
}

void JobTable::keep_loaded(JobRecord job) {
  take_up_after_start(job, settings_.most_attempts);
  if (job.ended()) drop_parts(job);
  const std::lock_guard lock(mutex_);
  last_id_ = std::max(last_id_, job.id);
  const auto id = job.id;
  entries_[id].job = std::move(job);
}

uint64_t JobTable::add(const JobRequest& request) {
  check(request);
  JobRecord job;
  job.kind = plain_text(request.kind, kLongestKind);
  job.title = plain_text(request.title, kLongestTitle);
  job.user = plain_text(request.user, kLongestTitle);
  job.parameters.assign(request.parameters.begin(), request.parameters.end());
  job.created_us = job.changed_us = now_();
  const std::lock_guard writing(writing_);
  do job.id = ++last_id_;
  while (!store_.add(job));  // the number of a document that could not be read, perhaps
  const std::lock_guard lock(mutex_);
  const auto id = job.id;
  entries_[id].job = std::move(job);
  return id;
}

JobRecord JobTable::copy(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) throw Error(Code::not_found, "there is no job " + std::to_string(id));
  return found->second.job;
}

/// Makes a change twice: to a copy that is written, and then to what is seen, which may have progressed meanwhile.
template <class Edit>
void JobTable::change(uint64_t id, const Edit& edit) {
  auto job = copy(id);
  edit(job);
  job.changed_us = now_();
  store_.write(job);
  apply(id, true, edit);
}

template <class Edit>
void JobTable::apply(uint64_t id, bool written, const Edit& edit) {
  const std::lock_guard lock(mutex_);
  auto& entry = entries_.at(id);
  edit(entry.job);
  entry.job.changed_us = now_();
  entry.unwritten = !written;
  if (written && entry.job.ended()) drop_parts(entry.job);
}

void JobTable::cancel(uint64_t id) {
  const std::lock_guard writing(writing_);
  const auto state = copy(id).state;
  if (state == State::cancelled) return;
  if (state == State::waiting) {
    change(id, [](JobRecord& job) {
      job.state = State::cancelled;
      job.next_attempt_us = 0;
    });
  } else if (state == State::running) {
    change(id, [](JobRecord& job) { job.cancel_wanted = true; });
    const std::lock_guard lock(mutex_);
    *entries_.at(id).cancelled = true;
  } else {
    refuse(id, "has ended already: there is nothing to cancel");
  }
}

void JobTable::retry(uint64_t id) {
  const std::lock_guard writing(writing_);
  const auto job = copy(id);
  if (job.state == State::running) refuse(id, "is running: cancel it first");
  if (job.state == State::done) refuse(id, "has been done: there is nothing to try again");
  if (job.ended()) take_up_again(id);
  change(id, wait_again);
}

/// Brings back what is only in the state store.
void JobTable::take_up_again(uint64_t id) {
  {
    const std::lock_guard lock(mutex_);
    if (entries_.at(id).unwritten) return;
  }
  auto kept = store_.read(id);
  const std::lock_guard lock(mutex_);
  auto& job = entries_.at(id).job;
  job.parameters = std::move(kept.parameters);
  job.checkpoint = std::move(kept.checkpoint);
}

void JobTable::forget(uint64_t id) {
  const std::lock_guard writing(writing_);
  const auto job = copy(id);
  if (job.state == State::running) refuse(id, "is running: cancel it first");
  if (!job.ended()) refuse(id, "has not been done yet: cancel it first");
  store_.remove(id);
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
}

JobView JobTable::view_of(const Entry& entry, const Kinds& kinds) const {
  JobView view{entry.job, {}};
  drop_parts(view.job);
  if (entry.job.state == State::running && entry.rate.known()) view.rate = entry.rate.per_second(now_());
  if (entry.job.state == State::waiting && kinds.count(entry.job.kind) == 0)
    view.job.message = "waits for a plugin that does jobs of the kind \"" + entry.job.kind +
                       "\": none is loaded, see the configuration";
  return view;
}

std::vector<JobView> JobTable::list(const Kinds& kinds) {
  std::vector<JobView> views;
  const std::lock_guard lock(mutex_);
  views.reserve(entries_.size());
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry)
    views.push_back(view_of(entry->second, kinds));
  return views;
}

JobView JobTable::view(uint64_t id, const Kinds& kinds) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(id);
  if (found == entries_.end()) throw Error(Code::not_found, "there is no job " + std::to_string(id));
  return view_of(found->second, kinds);
}

Bytes JobTable::parameters(uint64_t id) {
  const auto job = copy(id);
  return job.ended() && job.parameters.empty() ? store_.read(id).parameters : job.parameters;
}

std::optional<uint64_t> JobTable::next_ready(const Kinds& kinds) {
  const std::lock_guard lock(mutex_);
  std::optional<uint64_t> best;
  for (const auto& [id, entry] : entries_) {
    const auto& job = entry.job;
    if (job.state != State::waiting || job.next_attempt_us > now_() || kinds.count(job.kind) == 0) continue;
    if (!best || turns_.before(job.kind, entries_.at(*best).job.kind)) best = id;
  }
  return best;
}

std::optional<JobTable::Claim> JobTable::claim(const Kinds& kinds) {
  const std::lock_guard writing(writing_);
  const auto id = next_ready(kinds);
  if (!id) return {};
  try {
    change(*id, begin_run);
  } catch (const Error& error) {
    journal_.log(LogLevel::error, "job " + std::to_string(*id) + " can't be begun now: " + error.what(), {});
    const std::lock_guard lock(mutex_);
    entries_.at(*id).job.next_attempt_us = now_() + retry_delay_us(1);
    return {};
  }
  const std::lock_guard lock(mutex_);
  auto& entry = entries_.at(*id);
  entry.rate = {};
  entry.cancelled = std::make_shared<std::atomic<bool>>(false);
  turns_.begin(entry.job.kind);
  return Claim{entry.job, entry.cancelled};
}

std::optional<int64_t> JobTable::next_due(const Kinds& kinds) {
  const std::lock_guard lock(mutex_);
  std::optional<int64_t> due;
  for (const auto& [id, entry] : entries_) {
    if (entry.job.state != State::waiting || kinds.count(entry.job.kind) == 0) continue;
    due = std::min(due.value_or(INT64_MAX), entry.job.next_attempt_us);
  }
  return due;
}

void JobTable::save(uint64_t id, std::span<const std::byte> checkpoint) {
  if (checkpoint.size() > kMostCheckpoint)
    throw Error(Code::invalid, "the checkpoint of job " + std::to_string(id) + " is larger than 384 KiB");
  const std::lock_guard writing(writing_);
  change(id, [&](JobRecord& job) {
    job.checkpoint.assign(checkpoint.begin(), checkpoint.end());
    job.fruitless = 0;
  });
}

void JobTable::progress(uint64_t id, uint64_t done, uint64_t total, std::string_view message) {
  auto text = plain_text(message, kLongestMessage);
  const std::lock_guard lock(mutex_);
  auto& entry = entries_.at(id);
  entry.job.done = done;
  entry.job.total = total;
  entry.job.message = std::move(text);
  entry.job.changed_us = now_();
  entry.rate.note(done, entry.job.changed_us);
}

void JobTable::end(uint64_t id, const RunEnd& how) {
  const std::lock_guard writing(writing_);
  const RunEnd end{how.kind, plain_text(how.message, kLongestMessage)};
  const auto now = now_();
  end_durably(id, [&](JobRecord& job) { end_run(job, end, settings_.most_attempts, now); });
  const std::lock_guard lock(mutex_);
  auto& entry = entries_.at(id);
  entry.cancelled.reset();
  turns_.end(entry.job.kind);
}

void JobTable::end_durably(uint64_t id, const std::function<void(JobRecord&)>& edit) {
  try {
    change(id, edit);
  } catch (const Error& error) {
    journal_.log(LogLevel::error,
                 "the end of job " + std::to_string(id) + " could not be written, and will be later: " + error.what(),
                 {});
    apply(id, false, edit);
  }
}

void JobTable::tidy() {
  std::vector<uint64_t> unwritten;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_)
      if (entry.unwritten) unwritten.push_back(id);
  }
  for (const auto id : unwritten) {
    const std::lock_guard writing(writing_);
    change(id, [](JobRecord&) {});
  }
  for (const auto id : outlived()) forget(id);
}

/// Of those that have ended: what is too old, and the oldest of what is too many.
std::vector<uint64_t> JobTable::outlived() {
  const std::lock_guard lock(mutex_);
  std::vector<uint64_t> ids;
  std::size_t ended = 0;
  for (auto entry = entries_.rbegin(); entry != entries_.rend(); ++entry) {
    const auto& job = entry->second.job;
    if (!job.ended()) continue;
    if (++ended > settings_.most_ended || job.changed_us < now_() - settings_.keep_us) ids.push_back(entry->first);
  }
  return ids;
}

void JobTable::report() {
  std::size_t waiting = 0;
  std::size_t running = 0;
  std::size_t failed = 0;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) {
      waiting += entry.job.state == State::waiting ? 1 : 0;
      running += entry.job.state == State::running ? 1 : 0;
      failed += entry.job.state == State::failed ? 1 : 0;
    }
  }
  journal_.gauge("jobs_waiting", static_cast<double>(waiting));
  journal_.gauge("jobs_running", static_cast<double>(running));
  journal_.gauge("jobs_failed", static_cast<double>(failed));
  if (failed == 0) return journal_.condition("failed-jobs", ConditionLevel::fine, {}, {});
  journal_.condition("failed-jobs", ConditionLevel::warning,
                     failed == 1 ? "A job has failed" : std::to_string(failed) + " jobs have failed",
                     "Try them again under Queue, or take them off the list");
}

}  // namespace fermata::jobs
