#pragma once
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "fermata/archive.hpp"
#include "fermata/dimse_client.hpp"
#include "fermata/journal.hpp"
#include "settings.hpp"
#include "transaction_store.hpp"
#include "verifier.hpp"

namespace fermata::storage_commitment {

/// Everything between a request for storage commitment and its report (PS3.4 J.3): keeps the request, verifies its
/// instances one after the other on a thread of its own, and reports, on the requester's association if it is still
/// there, else on a new one, again and again until the report is confirmed or too old.
///
/// *Used by* CommitmentService and the plugin. **Thread**: `accept` from any; the rest from the plugin's.
/// **Ownership**: borrows store, archive and client until `stop`.
class Commitments {
 public:
  Commitments(TransactionStore& store, Archive& archive, DimseClient& client, Settings settings,
              const Journal& journal);
  ~Commitments();
  Commitments(const Commitments&) = delete;
  Commitments& operator=(const Commitments&) = delete;

  void load();   ///< what is unfinished from before
  void start();  ///< the threads
  void stop() noexcept;

  /// From here on the request survives whatever happens. The same request again is one with the first, as long as
  /// that is unfinished; another one under its Transaction UID is reported as a failure of every instance.
  /// **Errors**: unavailable (too many are unfinished), io.
  void accept(Transaction transaction, std::vector<Reference> references,
              std::unique_ptr<DimseAssociation> association);
  std::size_t unfinished() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Pending {
    Transaction transaction;
    std::shared_ptr<DimseAssociation> association;  ///< the requester's; null once it is of no more use
    Clock::time_point due;                          ///< no attempt before
  };
  using PendingPtr = std::shared_ptr<Pending>;
  using Lock = std::unique_lock<std::mutex>;

  std::optional<Transaction> same_request(const Transaction& transaction) const;
  bool join(const std::string& key, std::unique_ptr<DimseAssociation>& association);
  void add(Transaction transaction, std::shared_ptr<DimseAssociation> association);

  void check_all();
  PendingPtr next_to_check(Clock::time_point until);
  void check(const PendingPtr& pending);
  void remove_old();

  void report_all();
  std::string claim_node(Lock& lock);
  void report_to(const std::string& node);
  PendingPtr next_to_report(const std::string& node);
  std::string report(DimseAssociation& association, const Transaction& transaction);
  std::unique_ptr<DimseAssociation> open(const Transaction& transaction);
  void reported(const PendingPtr& pending);
  void postpone(const PendingPtr& pending, const std::string& problem);
  void save(const Transaction& transaction);
  bool sleep(std::chrono::nanoseconds time);

  TransactionStore& store_;
  DimseClient& client_;
  const Settings settings_;
  const Journal& journal_;
  Verifier verifier_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::map<std::string, PendingPtr> pending_;  ///< unfinished ones, by key: oldest first
  std::set<std::string> nodes_;                ///< being reported to at this moment
  std::set<DimseAssociation*> in_use_;         ///< to be aborted by `stop`
  std::vector<std::thread> threads_;
};

}  // namespace fermata::storage_commitment
