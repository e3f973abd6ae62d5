#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fermata/ingest_hook.hpp"
#include "fermata/journal.hpp"
#include "ingest/hook_context.hpp"

namespace fermata::archive {

/// A hook, and the plugin that it comes from.
struct NamedHook {
  std::string plugin;
  std::unique_ptr<IngestHook> hook;
};

/// Calls every ingest hook, and says in the log and in counters which of them fails or is slow.
///
/// A hook runs on the thread that receives the object, and nothing can interrupt it: one that takes long holds up
/// its sender. *Used by* IngestOperation. **Thread**: any. **Errors**: Refused (rule) from `before_store`.
class IngestHooks {
 public:
  using Clock = std::chrono::steady_clock;
  using Now = std::function<Clock::time_point()>;

  /// `slow` is how long a hook may take before the log says so, once a minute for each.
  IngestHooks(std::vector<NamedHook> hooks, std::chrono::milliseconds slow, Journal journal, Now now = Clock::now);

  bool empty() const { return hooks_.empty(); }
  /// Stops at the first hook that refuses or throws.
  void before_store(HookContext& context, std::string_view sop_instance_uid);
  void after_store(const InstanceRecord& record, StoreOutcome::Kind kind);

 private:
  struct Entry {
    NamedHook named;
    std::optional<Clock::time_point> warned;
  };
  template <class Call>
  void timed(Entry& entry, std::string_view sop_instance_uid, Call&& call);
  void note_failure(const Entry& entry, LogLevel level, std::string_view what, std::string_view sop_instance_uid,
                    const std::exception& error) const;
  void note_slow(Entry& entry, Clock::duration taken, std::string_view sop_instance_uid);

  std::vector<Entry> hooks_;
  const std::chrono::milliseconds slow_;
  const Journal journal_;
  const Now now_;
  std::mutex warned_mutex_;
};

}  // namespace fermata::archive
