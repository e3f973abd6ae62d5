#include "ingest/ingest_hooks.hpp"

#include "refusal.hpp"

namespace fermata::archive {
namespace {

constexpr auto kWarningInterval = std::chrono::minutes(1);

}  // namespace

IngestHooks::IngestHooks(std::vector<NamedHook> hooks, std::chrono::milliseconds slow, Journal journal, Now now)
    : slow_(slow), journal_(std::move(journal)), now_(std::move(now)) {
  for (auto& hook : hooks) hooks_.push_back({std::move(hook), {}});
}

void IngestHooks::before_store(HookContext& context, std::string_view sop_instance_uid) {
  for (auto& entry : hooks_) {
    try {
      timed(entry, sop_instance_uid, [&] { entry.named.hook->before_store(context); });
    } catch (const std::exception& error) {
      note_failure(entry, LogLevel::error, "an ingest hook has failed, its object is refused: ", sop_instance_uid,
                   error);
      throw Refused(Refused::Refusal::rule, "a rule of the archive has failed");
    }
    if (context.refused()) throw Refused(Refused::Refusal::rule, context.reason());
  }
}

void IngestHooks::after_store(const InstanceRecord& record, StoreOutcome::Kind kind) {
  for (auto& entry : hooks_) {
    try {
      timed(entry, record.sop_instance_uid, [&] { entry.named.hook->after_store(record, kind); });
    } catch (const std::exception& error) {
      note_failure(entry, LogLevel::warning,
                   "an ingest hook has failed after the object was stored: ", record.sop_instance_uid, error);
    }
  }
}

/// A hook that throws may have been slow as well.
template <class Call>
void IngestHooks::timed(Entry& entry, std::string_view sop_instance_uid, Call&& call) {
  const auto start = now_();
  const auto check = [&] {
    const auto taken = now_() - start;
    if (taken > slow_) note_slow(entry, taken, sop_instance_uid);
  };
  try {
    call();
  } catch (...) {
    check();
    throw;
  }
  check();
}

void IngestHooks::note_failure(const Entry& entry, LogLevel level, std::string_view what,
                               std::string_view sop_instance_uid, const std::exception& error) const {
  journal_.log(level, std::string(what) + error.what(),
               {{"hook", entry.named.plugin}, {"sop_instance_uid", std::string(sop_instance_uid)}});
  journal_.count("hook_failures_total", 1);
}

void IngestHooks::note_slow(Entry& entry, Clock::duration taken, std::string_view sop_instance_uid) {
  journal_.count("slow_hooks_total", 1);
  {
    const auto now = now_();
    const std::lock_guard lock(warned_mutex_);
    if (entry.warned && now - *entry.warned < kWarningInterval) return;
    entry.warned = now;
  }
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(taken).count();
  journal_.log(LogLevel::warning, "an ingest hook is slow and holds up who sends objects",
               {{"hook", entry.named.plugin},
                {"milliseconds", std::to_string(milliseconds)},
                {"sop_instance_uid", std::string(sop_instance_uid)}});
}

}  // namespace fermata::archive
